package io.ketju.actors.run;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens and ends actor systems with Ketju's own settings: nothing is read from the surrounding application. */
final class ActorSystems {
    private static final Logger LOG = LoggerFactory.getLogger(ActorSystems.class);

    /** Name of every system in a cluster: its nodes must agree on it. */
    static final String NAME = "ketju";

    /** How long the threads of an ended system may take to end too. */
    private static final Duration THREADS_TIMEOUT = Duration.ofSeconds(5);

    private static final ClassLoader LOADER = ActorSystems.class.getClassLoader();

    private static final AtomicInteger EMBEDDED = new AtomicInteger();

    private ActorSystems() {}

    /** A system within this JVM, without ports, under a name of its own. */
    static <T> ActorSystem<T> embedded(Behavior<T> guardian) {
        return ActorSystem.create(guardian, NAME + "-run-" + EMBEDDED.incrementAndGet(), embeddedSettings());
    }

    /** A node of a cluster. Throws {@link InvalidClusterException} with one line if its port is taken. */
    static <T> ActorSystem<T> node(Behavior<T> guardian, ClusterOptions options, String role) {
        Config config = ConfigFactory.parseMap(Map.of(
                        "pekko.remote.artery.canonical.hostname", options.host(),
                        "pekko.remote.artery.canonical.port", options.port(),
                        "pekko.cluster.roles", List.of(role, ClusterMembership.processRole())))
                .withFallback(clusterSettings());
        try {
            return ActorSystem.create(guardian, NAME, config);
        } catch (RuntimeException e) {
            throw new InvalidClusterException(
                    "cannot listen on " + options.host() + ":" + options.port() + ": " + rootCause(e)
                            + "; choose another --port, or 0 for any free one",
                    e);
        }
    }

    /** Ends a system and waits until its last thread is done. */
    static void terminate(ActorSystem<?> system) {
        system.terminate();
        try {
            system.getWhenTerminated().toCompletableFuture().join();
        } catch (CompletionException e) {
            throw new IllegalStateException("the actor system ended with a failure", e);
        }
        awaitThreads(system);
    }

    /** Whether this is a thread of the system: its dispatchers name theirs by their place in the settings. */
    static boolean owns(ActorSystem<?> system, Thread thread) {
        return thread.getName().startsWith(system.name() + "-pekko.")
                || thread.getName().startsWith(system.name() + "-scheduler-");
    }

    /** A system counts as terminated a little before its last threads have ended. No interrupt cuts this short. */
    private static void awaitThreads(ActorSystem<?> system) {
        long deadline = System.nanoTime() + THREADS_TIMEOUT.toNanos();
        boolean interrupted = false;
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            boolean ours = owns(system, thread) && !thread.equals(Thread.currentThread());
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

    private static Config embeddedSettings() {
        return own("ketju-actors.conf")
                .withFallback(PekkoReference.embedded(LOADER))
                .resolve();
    }

    private static Config clusterSettings() {
        return own("ketju-cluster.conf")
                .withFallback(PekkoReference.cluster(LOADER))
                .resolve();
    }

    private static Config own(String name) {
        return ConfigFactory.parseResources(
                LOADER, name, ConfigParseOptions.defaults().setAllowMissing(false));
    }

    private static String rootCause(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return String.valueOf(cause.getMessage());
    }
}
