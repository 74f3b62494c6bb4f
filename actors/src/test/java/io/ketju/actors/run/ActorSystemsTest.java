package io.ketju.actors.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
class ActorSystemsTest {
    private static final Config SETTINGS =
            ActorSystems.settings(ActorSystemsTest.class.getClassLoader(), "ketju-actors.conf", PekkoLibrary.LOCAL);

    private final CompletableFuture<Thread> firstThread = new CompletableFuture<>();
    private final CompletableFuture<Thread> secondThread = new CompletableFuture<>();

    /** All nodes of a cluster have one name, and several may be in one JVM. */
    private static ActorSystem<Void> start(CompletableFuture<Thread> thread) {
        return ActorSystem.create(
                Behaviors.setup(context -> {
                    thread.complete(Thread.currentThread());
                    return Behaviors.empty();
                }),
                "same",
                SETTINGS);
    }

    /** One that waited for the other's threads would wait until its patience ends. */
    @Test
    void aSystemEndsWithItsOwnThreadsAndLeavesThoseOfAnotherWithItsName() {
        ActorSystem<Void> first = start(firstThread);
        ActorSystem<Void> second = start(secondThread);
        try {
            assertThat(ActorSystems.owns(first, firstThread.join())).isTrue();
            assertThat(ActorSystems.owns(second, secondThread.join())).isTrue();
            assertThat(ActorSystems.owns(first, secondThread.join())).isFalse();
            assertThat(ActorSystems.owns(second, firstThread.join())).isFalse();
            assertThat(ActorSystems.owns(first, Thread.currentThread())).isFalse();
        } finally {
            ActorSystems.terminate(first);
        }
        assertThat(firstThread.join().isAlive()).isFalse();
        assertThat(secondThread.join().isAlive()).isTrue();
        ActorSystems.terminate(second);
        assertThat(secondThread.join().isAlive()).isFalse();
    }
}
