package io.ketju.pipeline.stage;

import io.ketju.layers.Parameter;
import io.ketju.layers.loss.Metric;
import io.ketju.layers.model.Head;
import io.ketju.layers.model.Node;
import io.ketju.pipeline.PipelineSpec;
import io.ketju.pipeline.StateShares;
import io.ketju.pipeline.program.StageProgram;
import io.ketju.pipeline.program.Step;
import io.ketju.tensor.Shape;
import io.ketju.tensor.TensorType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * What the replicas of a stage send each other in a step, of the largest types. Along with the sums of gradients goes what
 * micro-batches have left until the step and what their losses measured, so that the replica with the optimizer's state has all
 * of the mini-batch.
 *
 * @param uses of parameters that learn, in the order of the nodes: the first of {@link #sums}
 * @param sums the gradients of these, then what micro-batches leave, if they do, then what losses measured, if there are any
 * @param weights of parameters that learn, by name, in their order
 * @param owners of these, which replica updates them
 * @param gradients of these, as their optimizers take them
 */
record ExchangedTensors(
        List<Use> uses,
        List<TensorType> sums,
        Map<String, TensorType> weights,
        List<Integer> owners,
        List<TensorType> gradients) {
    /** What goes with the gradients of a share: whether there is an update at all, as 1 or 0. */
    static final TensorType VERDICT = TensorType.floats(Shape.of(1));

    /** A parameter of a node. */
    record Use(Node node, int index, Parameter parameter) {}

    static ExchangedTensors of(PipelineSpec spec, StageProgram program) {
        List<Use> uses = new ArrayList<>();
        List<TensorType> sums = new ArrayList<>();
        Map<String, TensorType> weights = new LinkedHashMap<>();
        StateShares shares = spec.shares(program.stage());
        List<Integer> owners = new ArrayList<>();
        List<TensorType> gradients = new ArrayList<>();
        for (Node node : program.nodes()) {
            for (int i = 0; i < node.parameters().size(); i++) {
                Parameter parameter = node.layer().parameters().get(i);
                String name = node.parameters().get(i);
                if (parameter.learns() && spec.recipe().optimizers().learns(name)) {
                    uses.add(new Use(node, i, parameter));
                    sums.add(PackedRows.largest(parameter));
                    if (weights.putIfAbsent(name, TensorType.floats(parameter.shape())) == null) {
                        owners.add(shares.of(name));
                        gradients.add(PackedRows.largest(parameter));
                    }
                }
            }
        }
        int microbatches = spec.recipe().mostMicrobatches();
        long left = StepTensors.bytes(program);
        if (left > 0) {
            sums.add(left(left, microbatches));
        }
        long numbers = numbers(spec, program);
        if (numbers > 0) {
            sums.add(PackedNumbers.type(Math.multiplyExact(numbers, microbatches)));
        }
        return new ExchangedTensors(uses, sums, weights, owners, gradients);
    }

    /** What so many micro-batches leave, as it travels. */
    static TensorType left(long bytesOfOne, int microbatches) {
        return TensorType.floats(
                Shape.of(Math.toIntExact(Math.multiplyExact(bytesOfOne, (long) microbatches) / Float.BYTES)));
    }

    /** Most numbers that the stage's losses measure of a micro-batch, with what says how many there are. */
    private static long numbers(PipelineSpec spec, StageProgram program) {
        long numbers = 0;
        for (Step step : program.steps()) {
            if (step instanceof Step.LossStep loss) {
                Head head = loss.head();
                numbers += WindowLoss.NUMBERS;
                for (Metric metric : head.metrics()) {
                    numbers += 1 + metric.numbers(spec.largestTypes().of(head.inputs()));
                }
            }
        }
        return numbers;
    }

    /** Memory of the buffers that a stage sends these from. */
    long bytes(ReplicaPorts replica) {
        long values = Math.multiplyExact(bytes(weightsOf(replica.replica())), replica.count() - 1);
        if (!replica.learns()) {
            return Math.addExact(values, bytes(sums));
        }
        long shares = 0;
        for (int other = 1; replica.shared() && other < replica.count(); other++) {
            shares = Math.addExact(shares, bytes(share(other)));
        }
        return Math.addExact(values, shares);
    }

    private static long bytes(List<TensorType> types) {
        return types.stream().mapToLong(TensorType::bytes).sum();
    }

    /** Values that a replica sends each of the others. */
    List<TensorType> weightsOf(int replica) {
        List<TensorType> all = List.copyOf(weights.values());
        return owned(replica).map(all::get).toList();
    }

    /** What a replica gets of the first for its share. */
    List<TensorType> share(int replica) {
        return owners.isEmpty()
                ? List.of()
                : Stream.concat(owned(replica).map(gradients::get), Stream.of(VERDICT))
                        .toList();
    }

    private Stream<Integer> owned(int replica) {
        return IntStream.range(0, owners.size())
                .filter(i -> owners.get(i) == replica)
                .boxed();
    }
}
