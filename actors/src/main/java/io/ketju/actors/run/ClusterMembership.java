package io.ketju.actors.run;

import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Join;
import org.apache.pekko.cluster.typed.JoinSeedNodes;

/** Joining a cluster. */
final class ClusterMembership {
    private ClusterMembership() {}

    /** Joins by the seed nodes; without any, this node begins a new cluster. */
    static void join(ActorSystem<?> system, ClusterOptions options) {
        Cluster cluster = Cluster.get(system);
        if (options.seedNodes().isEmpty()) {
            cluster.manager().tell(new Join(cluster.selfMember().address()));
        } else {
            cluster.manager()
                    .tell(new JoinSeedNodes(options.seedNodes().stream()
                            .map(ClusterMembership::address)
                            .toList()));
        }
    }

    private static Address address(String node) {
        int colon = node.lastIndexOf(':');
        return Address.apply(
                "pekko", ActorSystems.NAME, node.substring(0, colon), Integer.parseInt(node.substring(colon + 1)));
    }
}
