package io.ketju.pipeline.stage;

import io.ketju.layers.Parameter;
import io.ketju.layers.loss.Metric;
import io.ketju.layers.model.Head;
import io.ketju.layers.model.Node;
import io.ketju.pipeline.PipelineSpec;
import io.ketju.pipeline.program.StageProgram;
import io.ketju.pipeline.program.Step;
import io.ketju.tensor.Shape;
import io.ketju.tensor.TensorType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What the replicas of a stage send each other in a step, of the largest types. Along with the sums of gradients goes what
 * micro-batches have left until the step and what their losses measured, so that the replica with the optimizer's state has all
 * of the mini-batch.
 *
 * @param uses of parameters that learn, in the order of the nodes: the first of {@link #sums}
 * @param sums the gradients of these, then what micro-batches leave, if they do, then what losses measured, if there are any
 * @param weights of parameters that learn, by name, in their order
 */
record ExchangedTensors(List<Use> uses, List<TensorType> sums, Map<String, TensorType> weights) {
    /** A parameter of a node. */
    record Use(Node node, int index, Parameter parameter) {}

    static ExchangedTensors of(PipelineSpec spec, StageProgram program) {
        List<Use> uses = new ArrayList<>();
        List<TensorType> sums = new ArrayList<>();
        Map<String, TensorType> weights = new LinkedHashMap<>();
        for (Node node : program.nodes()) {
            for (int i = 0; i < node.parameters().size(); i++) {
                Parameter parameter = node.layer().parameters().get(i);
                String name = node.parameters().get(i);
                if (parameter.learns() && spec.recipe().optimizers().learns(name)) {
                    uses.add(new Use(node, i, parameter));
                    sums.add(PackedRows.largest(parameter));
                    weights.putIfAbsent(name, TensorType.floats(parameter.shape()));
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
        return new ExchangedTensors(uses, sums, weights);
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
        List<TensorType> sent = replica.learns() ? List.copyOf(weights.values()) : sums;
        long ofOne = sent.stream().mapToLong(TensorType::bytes).sum();
        return Math.multiplyExact(ofOne, replica.learns() ? replica.count() - 1 : 1);
    }
}
