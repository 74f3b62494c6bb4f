package io.ketju.pipeline.stage;

import static io.ketju.pipeline.stage.TensorKey.Kind.REPLICA_WEIGHT;
import static io.ketju.pipeline.stage.TensorKey.Kind.SHARE_GRADIENT;

import io.ketju.pipeline.stage.StagePorts.Port;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * What a stage exchanges with its replicas in a training window: sums go from replica 1 to 2 and on, and from the last to
 * replica 0; weights come back from there to all others. Where replicas share the optimizer's state, gradients go from replica 0 to the
 * replica that updates the parameter, and every replica sends the weights that it updates to all others, replica 0 when it
 * has those of all. Positions are those of {@link ExchangedTensors}; behind the gradients of shares stands, for each replica but
 * the first, whether there is an update.
 *
 * @param replica the stage's
 * @param stages the numbers of all replicas of the stage, in their order; where there is one, nothing is exchanged
 * @param sums tensors that go along
 * @param owners of the weights, the replica that updates each
 * @param shared whether replicas share the optimizer's state
 */
public record ReplicaPorts(int replica, List<Integer> stages, int sums, List<Integer> owners, boolean shared) {
    /** Copies the lists. */
    public ReplicaPorts {
        stages = List.copyOf(stages);
        owners = List.copyOf(owners);
    }

    /** Of a stage without replicas. */
    static ReplicaPorts none(int stage) {
        return new ReplicaPorts(0, List.of(stage), 0, List.of(), false);
    }

    /** Replicas that there are. */
    int count() {
        return stages.size();
    }

    /** Whether there is anything to exchange. */
    boolean any() {
        return count() > 1;
    }

    private int weights() {
        return owners.size();
    }

    /** Whether it has all values, or gets its weights from a replica that has. */
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

    /** What comes for a step: weights in its place, or gradients of the share. */
    List<Port> stepNeeded() {
        if (learns()) {
            return List.of();
        }
        return shared
                ? Stream.concat(ports(SHARE_GRADIENT, owned(replica)), verdicts(replica, replica))
                        .toList()
                : ports(REPLICA_WEIGHT, (replica - 1) * weights(), weights());
    }

    /** What goes to the others after a step. */
    List<Port> stepMade() {
        if (!shared) {
            return learns() ? weightsMade() : List.of();
        }
        if (!learns()) {
            return weightsMade();
        }
        IntStream others = IntStream.range(0, weights()).filter(i -> owners.get(i) > 0);
        return Stream.concat(ports(SHARE_GRADIENT, others), verdicts(1, count() - 1))
                .toList();
    }

    /** What comes behind the step: the weights that others have updated. */
    List<Port> valuesNeeded() {
        IntStream others = IntStream.range(0, weights()).filter(i -> owners.get(i) != replica);
        return shared
                ? ports(REPLICA_WEIGHT, others.map(i -> place(replica) * weights() + i))
                        .toList()
                : List.of();
    }

    /** What replica 0 sends then. */
    List<Port> valuesMade() {
        return shared && learns() ? weightsMade() : List.of();
    }

    /** To one replica after the other. */
    private List<Port> weightsMade() {
        return IntStream.range(0, count())
                .filter(other -> other != replica)
                .boxed()
                .flatMap(other -> ports(REPLICA_WEIGHT, owned(replica).map(i -> place(other) * weights() + i)))
                .toList();
    }

    /** Positions of the weights that a replica updates. */
    IntStream owned(int of) {
        return IntStream.range(0, weights()).filter(i -> owners.get(i) == of);
    }

    /** For these replicas; where nothing learns there is nothing to say, and no sums that would keep the order of windows. */
    private Stream<Port> verdicts(int first, int last) {
        return weights() == 0
                ? Stream.empty()
                : ports(SHARE_GRADIENT, IntStream.rangeClosed(first, last).map(of -> weights() + of - 1));
    }

    /** Of a replica among those that get weights, from 0; the first is the last. */
    private int place(int of) {
        return (of + count() - 1) % count();
    }

    private static Stream<Port> ports(TensorKey.Kind kind, IntStream edges) {
        return edges.mapToObj(edge -> new Port(kind, edge));
    }

    private static List<Port> ports(TensorKey.Kind kind, int first, int size) {
        return ports(kind, IntStream.range(first, first + size)).toList();
    }

    /** The stage that sums of this one go to. */
    int sumsTo() {
        return stages.get((replica + 1) % count());
    }

    /** The stage that sums come from to this one. */
    int sumsFrom() {
        return stages.get((replica + count() - 1) % count());
    }

    /** The stage that a weight goes to. */
    int weightsTo(int edge) {
        return stages.get((1 + edge / weights()) % count());
    }

    /** The stage that a weight comes from. */
    int weightsFrom(int edge) {
        return stages.get(owners.get(edge % weights()));
    }

    /** The stage that something of a share goes to. */
    int shareTo(int edge) {
        return stages.get(edge < weights() ? owners.get(edge) : edge - weights() + 1);
    }

    /** The stage that shares come from. */
    int shareFrom() {
        return stages.getFirst();
    }
}
