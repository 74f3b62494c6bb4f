package io.ketju.pipeline.stage;

import io.ketju.pipeline.stage.StagePorts.Port;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What a stage exchanges with its replicas in a training window: sums go from replica 1 to 2 and on, and from the last to
 * replica 0; weights come back from there to all others. Positions are those of {@link ExchangedTensors}.
 *
 * @param replica the stage's
 * @param count of replicas; 1: nothing is exchanged
 * @param pipeline stages of each
 * @param sums tensors that go along
 * @param weights tensors that come back
 */
public record ReplicaPorts(int replica, int count, int pipeline, int sums, int weights) {
    /** Of a stage without replicas. */
    static final ReplicaPorts NONE = new ReplicaPorts(0, 1, 1, 0, 0);

    /** Whether there is anything to exchange. */
    boolean any() {
        return count > 1;
    }

    /** Whether it has the optimizer's state, or gets its weights from a replica that has. */
    boolean learns() {
        return replica == 0;
    }

    /** What comes before the stage adds its own sums. */
    List<Port> sumsNeeded() {
        return any() && replica != 1 ? ports(TensorKey.Kind.GROUP_SUM, 0, sums) : List.of();
    }

    /** What goes on then. */
    List<Port> sumsMade() {
        return learns() ? List.of() : ports(TensorKey.Kind.GROUP_SUM, 0, sums);
    }

    /** What comes in the place of a step. */
    List<Port> weightsNeeded() {
        return learns() ? List.of() : ports(TensorKey.Kind.REPLICA_WEIGHT, (replica - 1) * weights, weights);
    }

    /** What goes to the others after a step: of one, then of the next. */
    List<Port> weightsMade() {
        return learns() ? ports(TensorKey.Kind.REPLICA_WEIGHT, 0, (count - 1) * weights) : List.of();
    }

    private static List<Port> ports(TensorKey.Kind kind, int first, int size) {
        return IntStream.range(first, first + size)
                .mapToObj(edge -> new Port(kind, edge))
                .toList();
    }

    /** The stage that sums of this one go to. */
    int sumsTo(int stage) {
        return stage % pipeline + (replica + 1) % count * pipeline;
    }

    /** The stage that sums come from to this one. */
    int sumsFrom(int stage) {
        return stage % pipeline + (replica + count - 1) % count * pipeline;
    }

    /** The stage that a weight goes to. */
    int weightsTo(int stage, int edge) {
        return stage % pipeline + (1 + edge / weights) * pipeline;
    }

    /** The stage that weights come from. */
    int weightsFrom(int stage) {
        return stage % pipeline;
    }
}
