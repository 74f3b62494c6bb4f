package io.ketju.cluster.node;

import io.ketju.protocol.security.NodeCredentials;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Where the first of several places to meet at joins. Pekko has it ask the others for half a second, and then begin a cluster of its
 * own; one of them that has begun the cluster meanwhile, and is slow to answer, would be left alone. So it is asked what it is in first.
 */
final class MeetingOrder {
    /** How long it may take to find out. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private static final Duration EACH = Duration.ofSeconds(2);

    private MeetingOrder() {}

    /**
     * The seeds in the order in which the first of them is to join by them: as they are, so that it may begin a cluster, unless one of
     * the others is in a cluster; then those others come first. May take a few seconds.
     *
     * @param seeds {@code host:port}; the first is the node that asks
     * @param certificates who asks; empty: the secret of this user on this machine
     */
    static List<String> of(List<String> seeds, Optional<NodeCredentials> certificates) {
        List<String> others = seeds.subList(1, seeds.size());
        long begin = System.nanoTime();
        do {
            List<String> answering =
                    others.stream().filter(ClusterMembership::answers).toList();
            if (answering.isEmpty()) {
                return seeds;
            }
            List<ClusterStatus.Node> nodes = ClusterStatus.ask(answering, certificates, EACH).nodes().stream()
                    .filter(node -> answering.contains(node.address()))
                    .toList();
            if (nodes.stream().anyMatch(MeetingOrder::isInACluster)) {
                List<String> order = new ArrayList<>(others);
                order.add(seeds.getFirst());
                return order;
            }
            if (nodes.stream().allMatch(node -> node.status().isPresent())) {
                return seeds;
            }
        } while (System.nanoTime() - begin < PATIENCE.toNanos());
        return seeds;
    }

    private static boolean isInACluster(ClusterStatus.Node node) {
        return node.status().stream()
                .flatMap(status -> status.members().stream())
                .findAny()
                .isPresent();
    }
}
