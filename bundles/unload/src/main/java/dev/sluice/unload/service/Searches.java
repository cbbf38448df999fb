package dev.sluice.unload.service;

import dev.sluice.unload.culprit.Search;
import dev.sluice.unload.culprit.registry.Caches;
import dev.sluice.unload.culprit.registry.Defaults;
import dev.sluice.unload.culprit.registry.Drivers;
import dev.sluice.unload.culprit.registry.FrameworkLeftovers;
import dev.sluice.unload.culprit.registry.LogHandlers;
import dev.sluice.unload.culprit.registry.MBeans;
import dev.sluice.unload.culprit.registry.SecurityProviders;
import dev.sluice.unload.culprit.registry.UrlHandlers;
import dev.sluice.unload.culprit.threads.ContextClassLoaderSearch;
import dev.sluice.unload.culprit.threads.ShutdownHooks;
import dev.sluice.unload.culprit.threads.TaskSearch;
import dev.sluice.unload.culprit.threads.ThreadLocalSearch;
import dev.sluice.unload.culprit.threads.ThreadSearch;
import dev.sluice.unload.culprit.threads.TimerSearch;
import java.util.List;

/** All searches, in the order in which they are run: those whose clean-up ends something come before those that only let go. */
final class Searches {

    static final List<Search> ALL = List.of(
            new ThreadSearch(),
            new TimerSearch(),
            new TaskSearch(),
            new ContextClassLoaderSearch(),
            new ThreadLocalSearch(),
            new ShutdownHooks(),
            new Drivers(),
            new MBeans(),
            new LogHandlers(),
            new SecurityProviders(),
            new UrlHandlers(),
            new Defaults(),
            new Caches(),
            new FrameworkLeftovers());

    private Searches() {}
}
