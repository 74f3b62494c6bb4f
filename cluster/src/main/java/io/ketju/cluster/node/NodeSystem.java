package io.ketju.cluster.node;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.ketju.actors.run.ActorSystems;
import io.ketju.actors.run.PekkoLibrary;
import io.ketju.cluster.security.ControlTls;
import io.ketju.cluster.security.ExpiryWatch;
import io.ketju.cluster.security.Identity;
import io.ketju.cluster.status.StatusBoard;
import io.ketju.protocol.security.NodeCredentials;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.pekko.actor.BootstrapSetup;
import org.apache.pekko.actor.setup.ActorSystemSetup;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;

/** The actor system of a node, with Ketju's own settings. */
final class NodeSystem {
    /** Name of every system in a cluster: its nodes must agree on it. */
    static final String NAME = "ketju";

    /** Role of a node that directs runs. */
    static final String COORDINATOR = "coordinator";

    /** Role of a node that holds stages. */
    static final String WORKER = "worker";

    /** What it needs of Pekko. */
    static final List<PekkoLibrary> LIBRARIES = Stream.concat(
                    PekkoLibrary.LOCAL.stream(),
                    Stream.of(
                            library("pekko-stream", "pekko.stream.materializer.max-input-buffer-size"),
                            library("pekko-remote", "pekko.remote.artery.transport"),
                            library("pekko-coordination", "pekko.coordination.lease.lease-class"),
                            library("pekko-cluster", "pekko.cluster.seed-nodes"),
                            library("pekko-distributed-data", "pekko.cluster.distributed-data.name"),
                            library("pekko-cluster-typed", "pekko.cluster.typed.receptionist.write-consistency")))
            .toList();

    private NodeSystem() {}

    /**
     * Starts it, not yet in a cluster. Throws {@link InvalidClusterException} with one line if its port is taken.
     *
     * @param board where the node writes down what it does, for whoever asks
     */
    static <T> ActorSystem<T> start(Behavior<T> guardian, ClusterOptions options, String role, StatusBoard board) {
        return start(guardian, options, List.of(role), board);
    }

    /** The same for a node of several roles. */
    static <T> ActorSystem<T> start(
            Behavior<T> guardian, ClusterOptions options, List<String> roles, StatusBoard board) {
        List<String> all = new ArrayList<>(roles);
        all.add(ClusterMembership.processRole());
        Config config = ConfigFactory.parseMap(Map.of(
                        "pekko.remote.artery.canonical.hostname", options.host(),
                        "pekko.remote.artery.canonical.port", options.port(),
                        "pekko.cluster.roles", all))
                .withFallback(
                        ActorSystems.settings(NodeSystem.class.getClassLoader(), "ketju-cluster.conf", LIBRARIES));
        ActorSystemSetup setup = ActorSystemSetup.create(
                BootstrapSetup.create(config),
                ControlTls.setup(identity(options.certificates()), longest(config), board::answer));
        try {
            ActorSystem<T> system = ActorSystem.create(guardian, NAME, setup);
            options.certificates().ifPresent(own -> ExpiryWatch.begin(system, own));
            return system;
        } catch (RuntimeException e) {
            throw new InvalidClusterException(
                    "cannot listen on " + options.host() + ":" + options.port() + ": " + rootCause(e)
                            + "; choose another --port, or 0 for any free one",
                    e);
        }
    }

    /** By what a node with these certificates, or with none, and others know each other. */
    static Identity identity(Optional<NodeCredentials> certificates) {
        return certificates
                .<Identity>map(Identity.Certified::new)
                .orElseGet(() -> new Identity.Shared(ClusterOptions.secret()));
    }

    /** Where a node writes down what it does. */
    static StatusBoard board(String role, int threads) {
        return new StatusBoard(role, ControlTls.version(), threads);
    }

    private static int longest(Config config) {
        return Math.toIntExact(config.getBytes("pekko.remote.artery.advanced.maximum-frame-size"));
    }

    private static PekkoLibrary library(String artifact, String setting) {
        return new PekkoLibrary(setting, "io/ketju/cluster/node/" + artifact + "/reference.conf");
    }

    private static String rootCause(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return String.valueOf(cause.getMessage());
    }
}
