package io.ketju.actors.run;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import java.lang.Thread.UncaughtExceptionHandler;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens and ends actor systems with Ketju's own settings: nothing is read from the surrounding application. */
public final class ActorSystems {
    private static final Logger LOG = LoggerFactory.getLogger(ActorSystems.class);

    /** How long a system may take to end: connections close, actors stop. */
    private static final Duration END_TIMEOUT = Duration.ofSeconds(20);

    /** How long the threads of an ended system may take to end too. */
    private static final Duration THREADS_TIMEOUT = Duration.ofSeconds(5);

    private static final AtomicInteger EMBEDDED = new AtomicInteger();

    private ActorSystems() {}

    /** A system within this JVM, without ports, under a name of its own. */
    static <T> ActorSystem<T> embedded(Behavior<T> guardian) {
        return ActorSystem.create(guardian, "ketju-run-" + EMBEDDED.incrementAndGet(), settings());
    }

    /**
     * Ends a system and waits until its last thread is done; one that does not end in time is left, with threads that keep no JVM.
     *
     * @param system of Ketju's own; one that has ended already does no harm
     * @throws IllegalStateException if it ended with a failure
     */
    public static void terminate(ActorSystem<?> system) {
        system.terminate();
        try {
            system.getWhenTerminated()
                    .toCompletableFuture()
                    .thenApply(done -> true)
                    .completeOnTimeout(false, END_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
                    .thenAccept(ended -> {
                        if (!ended) {
                            LOG.warn("{} did not end within {} s", system.name(), END_TIMEOUT.toSeconds());
                        }
                    })
                    .join();
        } catch (CompletionException e) {
            throw new IllegalStateException("the actor system ended with a failure", e);
        }
        awaitThreads(system);
    }

    /**
     * Whether this is a thread of the system. Names do not tell: every node of a cluster has the same, and several may be in one
     * JVM. What a system's threads report to when they fail is its own.
     */
    static boolean owns(ActorSystem<?> system, Thread thread) {
        return handler(system).equals(thread.getUncaughtExceptionHandler());
    }

    /** Every thread that the system makes has it; this one never begins. */
    private static UncaughtExceptionHandler handler(ActorSystem<?> system) {
        ThreadFactory threads = ((ExtendedActorSystem) Adapter.toClassic(system)).threadFactory();
        return threads.newThread(() -> {}).getUncaughtExceptionHandler();
    }

    /** A system counts as terminated a little before its last threads have ended. No interrupt cuts this short. */
    private static void awaitThreads(ActorSystem<?> system) {
        long deadline = System.nanoTime() + THREADS_TIMEOUT.toNanos();
        boolean interrupted = false;
        UncaughtExceptionHandler handler = handler(system);
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            boolean ours =
                    handler.equals(thread.getUncaughtExceptionHandler()) && !thread.equals(Thread.currentThread());
            while (ours && thread.isAlive() && System.nanoTime() < deadline) {
                try {
                    thread.join(Duration.ofNanos(deadline - System.nanoTime()));
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
            if (ours && thread.isAlive()) {
                LOG.debug("{} goes on after its actor system", thread);
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static Config settings() {
        return settings(ActorSystems.class.getClassLoader(), "ketju-actors.conf", PekkoLibrary.LOCAL);
    }

    /**
     * {@return settings from a file of Ketju's own over Pekko's defaults}
     *
     * @param loader has both
     * @param file its name among the loader's resources; one that is missing throws
     * @param libraries whose defaults are needed
     * @throws IllegalStateException if those defaults are not on the class path
     */
    public static Config settings(ClassLoader loader, String file, List<PekkoLibrary> libraries) {
        return ConfigFactory.parseResources(
                        loader, file, ConfigParseOptions.defaults().setAllowMissing(false))
                .withFallback(PekkoReference.of(loader, libraries))
                .resolve();
    }
}
