package dev.sluice.itests.model;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sluice.itests.harness.Await;
import dev.sluice.itests.harness.Client;
import dev.sluice.itests.harness.Home;
import dev.sluice.itests.harness.Saboteur;
import dev.sluice.itests.harness.Shipped;
import dev.sluice.itests.harness.SluiceProcess;
import dev.sluice.itests.harness.Status;
import dev.sluice.itests.model.Step.Sabotage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;

/** A container that steps are done to. */
final class Stage implements AutoCloseable {

    private final Home home;
    private volatile SluiceProcess sluice;

    /** Starts a container with nothing in its folder but what the clients and the saboteur need. */
    Stage() {
        home = Home.fresh("model");
        // Who never gets ready is waited for; and a busy build machine needs its time for those who do.
        home.configure("dev.sluice.deployer", "start.timeout=4s", "settle.window=20ms", "removal.settle=100ms");
        sluice = SluiceProcess.on(home).start();
        home.copy(Kind.application(), "application.jar");
        Saboteur.deploy(sluice);
    }

    Status status() {
        return sluice.status();
    }

    URI data() {
        return sluice.data();
    }

    /**
     * Does a step and returns when whoever asked for it has been answered. What it leads to comes later.
     *
     * @param model what is there before
     */
    void does(Model model, Step step) {
        if (step instanceof Step.Together both) {
            CompletableFuture<Void> first = CompletableFuture.runAsync(() -> does(model, both.first()));
            does(model, both.second());
            try {
                first.join();
            } catch (CompletionException e) {
                throw new AssertionError(both.first() + ": " + e.getCause(), e);
            }
        } else if (step instanceof Step.Deploy deploy) {
            home.copy(deploy.slot().kind().jar(deploy.content()), deploy.slot().file());
        } else if (step instanceof Step.Swaps swaps) {
            swaps.contents().forEach(content -> swap(swaps.slot(), content));
        } else if (step instanceof Step.Remove remove) {
            home.remove(remove.slot().file());
        } else if (step instanceof Sabotage sabotage) {
            sabotage(model, sabotage);
        } else if (step instanceof Step.Operate operate) {
            operate(operate);
        } else if (step instanceof Step.Configure configure) {
            configure(configure);
        } else if (step instanceof Step.Restart restart) {
            restart(restart);
        }
    }

    private void swap(Slot slot, Content content) {
        home.copy(slot.kind().jar(content), slot.file());
        String name = slot.kind().names().get(0).name();
        Await.until(() -> {
            Status status = sluice.status();
            boolean there = Stream.of(status.chain(), status.standbys())
                    .flatMap(List::stream)
                    .anyMatch(unit ->
                            unit.name().equals(name) && unit.version().equals(Optional.of(content.osgiVersion())));
            boolean disabled = status.place(name).isEmpty();
            if (!there && !disabled) {
                throw new AssertionError(slot.file() + " doesn't come to " + content + ": " + status.json());
            }
        });
    }

    private void sabotage(Model model, Sabotage step) {
        Kind kind = step.slot().kind();
        Content content = model.place(step.slot()).running().orElseThrow();
        byte[] body = step.act() == Sabotage.Act.UPDATE ? kind.jar(step.content()) : new byte[0];
        HttpResponse<String> answer = Client.anonymous()
                .post(
                        sluice.data("/sabotage/" + step.act().command() + "?bundle="
                                + URLEncoder.encode(kind.symbolicName(), UTF_8) + "&version=" + content.osgiVersion()),
                        "application/octet-stream",
                        body);
        boolean expected = answer.statusCode() == 200
                || step.act() == Sabotage.Act.UPDATE && !step.content().deploys();
        if (!expected) {
            throw new AssertionError(step + ": " + answer.statusCode() + " " + answer.body());
        }
    }

    private void operate(Step.Operate step) {
        Status status = sluice.status();
        long bundle = status.deployments().stream()
                .filter(deployment -> deployment.file().equals(step.slot().file()))
                .filter(deployment -> List.of("PUBLISHED", "STOPPED").contains(deployment.state()))
                .findFirst()
                .flatMap(Status.Deployment::bundleId)
                .orElseThrow(() -> new AssertionError(step + ": no bundle in " + status.json()));
        HttpResponse<String> answer = sluice.operator()
                .postForm(
                        sluice.admin("/system/console/bundles/" + bundle),
                        "action=" + step.act().name().toLowerCase(java.util.Locale.ROOT));
        if (answer.statusCode() != 200) {
            throw new AssertionError(step + ": " + answer.statusCode() + " " + answer.body());
        }
    }

    private void configure(Step.Configure step) {
        String name = step.middleware().name();
        String pid = "dev.sluice.middleware-" + name;
        if (step.setting() == Setting.NONE) {
            try {
                Files.delete(home.conf().resolve(pid + ".cfg"));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        } else {
            List<String> lines = new ArrayList<>(List.of("name=" + name));
            lines.addAll(step.setting().lines());
            home.configure(pid, lines.toArray(String[]::new));
        }
    }

    private void restart(Step.Restart step) {
        if (step.kill()) {
            sluice.kill9();
        } else if (sluice.terminate() != 0) {
            throw new AssertionError("SIGTERM didn't end in good order:\n" + sluice.log());
        }
        sluice = SluiceProcess.on(home).start();
    }

    /** Takes everything out that a sequence may have left, by the folder alone. */
    void clear() {
        for (Slot slot : Slot.values()) {
            try {
                Files.deleteIfExists(home.deploy(slot.file()));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** Keeps what the container logged, for who looks for the cause. */
    void keepLog(String name) {
        try {
            Files.writeString(Shipped.workDirectory().resolve(name), sluice.log());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        sluice.close();
        home.delete();
    }
}
