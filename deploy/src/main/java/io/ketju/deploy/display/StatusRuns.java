package io.ketju.deploy.display;

import io.ketju.cluster.node.ClusterStatus;
import io.ketju.cluster.status.NodeStatus;
import io.ketju.cluster.status.StatusBoard;
import java.util.ArrayList;
import java.util.List;

/** The runs of a cluster, put together from what coordinators and workers say. */
final class StatusRuns {
    private StatusRuns() {}

    /**
     * A run.
     *
     * @param director where its coordinator is reached
     * @param workers that hold stages of it, in the order of their addresses
     */
    record Run(String director, NodeStatus.Directed directed, List<Worker> workers) {}

    /** A worker with its stages, ascending. */
    record Worker(String address, List<Integer> stages) {}

    /** In the order of the coordinators' addresses. */
    static List<Run> of(ClusterStatus status) {
        List<Run> runs = new ArrayList<>();
        for (ClusterStatus.Node node : status.nodes()) {
            node.status()
                    .filter(own -> !standsBy(own))
                    .flatMap(NodeStatus::directed)
                    .ifPresent(
                            directed -> runs.add(new Run(node.address(), directed, workers(status, node.address()))));
        }
        return runs;
    }

    private static List<Worker> workers(ClusterStatus status, String director) {
        List<Worker> workers = new ArrayList<>();
        for (ClusterStatus.Node node : status.nodes()) {
            node.status()
                    .flatMap(NodeStatus::held)
                    .filter(held -> held.director().equals(director))
                    .ifPresent(held -> workers.add(new Worker(node.address(), held.stages())));
        }
        return workers;
    }

    /** Whether a node waits to direct a run, which another one directs. */
    static boolean standsBy(NodeStatus node) {
        return node.role().equals(StatusBoard.STANDBY);
    }

    /** What a node is, as it says itself, or else as others do. */
    static String role(ClusterStatus.Node node) {
        return node.status()
                .map(NodeStatus::role)
                .or(() -> node.member().map(NodeStatus.Member::role))
                .orElse("unknown");
    }
}
