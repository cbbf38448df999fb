package dev.sluice.container.home;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.container.StartFailure;
import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HomeLockTest {

    @TempDir
    private Path folder;

    private Home home;

    @BeforeEach
    void prepare() throws StartFailure {
        home = new Home(folder);
        home.prepare();
    }

    @Test
    void a_second_container_is_refused_with_the_pid_of_the_first() throws Exception {
        try (HomeLock first = HomeLock.acquire(home)) {
            assertThat(first).isNotNull();
            assertThatThrownBy(() -> HomeLock.acquire(home))
                    .isInstanceOf(StartFailure.class)
                    .hasMessageContaining("pid " + ProcessHandle.current().pid())
                    .hasMessageContaining(folder.toString());
        }
    }

    @Test
    void the_lock_outlives_a_garbage_collection_though_nobody_keeps_it() throws Exception {
        WeakReference<HomeLock> forgotten = new WeakReference<>(HomeLock.acquire(home));

        System.gc();

        assertThatThrownBy(() -> HomeLock.acquire(home)).isInstanceOf(StartFailure.class);
        forgotten.get().close();
    }

    @Test
    void the_home_is_free_once_the_first_has_gone() throws Exception {
        HomeLock.acquire(home).close();

        assertThat(HomeLock.acquire(home)).satisfies(HomeLock::close);
    }

    @Test
    void what_a_crash_left_in_the_file_locks_nothing() throws Exception {
        Files.writeString(home.data().resolve("lock"), "1234567890");

        try (HomeLock lock = HomeLock.acquire(home)) {
            assertThat(lock).isNotNull();
            assertThat(home.data().resolve("lock"))
                    .hasContent(String.valueOf(ProcessHandle.current().pid()));
        }
    }
}
