package io.ketju.pipeline.stage;

import io.ketju.layers.Parameter;
import io.ketju.layers.model.Model;
import io.ketju.layers.model.ParameterBlock;
import io.ketju.pipeline.PipelineSpec;
import io.ketju.pipeline.schedule.EdgeBuffers;
import io.ketju.pipeline.schedule.ScheduleSimulator;
import io.ketju.tensor.memory.TensorArena;
import java.util.List;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * What a stage holds and how much memory it will take, known before anything is allocated: the row of the stage table
 * that users see.
 *
 * @param stage index from 0
 * @param layers its layers as text, in order
 * @param parameters number of trainable scalars
 * @param parameterBytes values of all parameters
 * @param gradientBytes their gradients
 * @param stateBytes optimizer state
 * @param packedBytes weights packed for steps of many micro-batches
 * @param slots micro-batches in flight at most, over all legal numbers of micro-batches
 * @param slotBytes memory of one of them
 * @param activationBuffers buffers for activations to the next stage; 0 on the last
 * @param activationBufferBytes size of one of them
 * @param gradientBuffers buffers for gradients to the previous stage; 0 on the first
 * @param gradientBufferBytes size of one of them
 */
public record StagePlan(
        int stage,
        List<String> layers,
        long parameters,
        long parameterBytes,
        long gradientBytes,
        long stateBytes,
        long packedBytes,
        int slots,
        long slotBytes,
        int activationBuffers,
        long activationBufferBytes,
        int gradientBuffers,
        long gradientBufferBytes) {
    /** Fewer micro-batches, and packing costs more than it gains: one to three products of a few rows. */
    private static final int WORTH_PACKING = 4;

    public StagePlan {
        layers = List.copyOf(layers);
    }

    /** The plan of one stage. */
    public static StagePlan of(PipelineSpec spec, int stage) {
        int stages = spec.stages();
        int largest = largestMicrobatch(spec);
        List<Model.Node> nodes = spec.partition().nodes(spec.model(), stage);
        List<Parameter> parameters = nodes.stream()
                .flatMap(node -> node.layer().parameters().stream())
                .toList();
        long valueBytes = parameters.stream()
                .mapToLong(parameter -> TensorArena.bytesFor(parameter.shape()))
                .sum();
        int states = spec.optimizer().stateNames().size();
        return new StagePlan(
                stage,
                nodes.stream().map(node -> node.layer().spec().toString()).toList(),
                parameters.stream().mapToLong(p -> p.shape().elements()).sum(),
                valueBytes,
                valueBytes,
                Math.multiplyExact(valueBytes, states),
                packedBytes(spec, nodes),
                most(spec, m -> ScheduleSimulator.peakInFlight(spec.schedule().actions(stage, stages, m))),
                slotBytes(spec, nodes, stage == stages - 1, largest),
                most(spec, m -> EdgeBuffers.activations(spec.schedule(), stage, stages, m)),
                stage == stages - 1
                        ? 0
                        : TensorArena.bytesFor(nodes.getLast().output().batched(largest)),
                most(spec, m -> EdgeBuffers.gradients(spec.schedule(), stage, stages, m)),
                stage == 0 ? 0 : TensorArena.bytesFor(nodes.getFirst().input().batched(largest)));
    }

    /** The plans of all stages. */
    public static List<StagePlan> all(PipelineSpec spec) {
        return IntStream.range(0, spec.stages())
                .mapToObj(stage -> of(spec, stage))
                .toList();
    }

    /** Samples of the largest micro-batch that can come. */
    public static int largestMicrobatch(PipelineSpec spec) {
        return MicrobatchSplit.atMost(spec.batchSize(), spec.microbatches()).largest();
    }

    /** All memory of the stage, apart from the scratch memory of the tensor core. */
    public long bytes() {
        return LongStream.of(
                        parameterBytes,
                        gradientBytes,
                        stateBytes,
                        packedBytes,
                        Math.multiplyExact(slots, slotBytes),
                        Math.multiplyExact(activationBuffers, activationBufferBytes),
                        Math.multiplyExact(gradientBuffers, gradientBufferBytes))
                .reduce(0, Math::addExact);
    }

    private static long packedBytes(PipelineSpec spec, List<Model.Node> nodes) {
        return Math.min(spec.microbatches(), spec.batchSize()) < WORTH_PACKING
                ? 0
                : nodes.stream().mapToLong(ParameterBlock::packedBytes).sum();
    }

    private static long slotBytes(PipelineSpec spec, List<Model.Node> nodes, boolean last, int samples) {
        long layers = nodes.stream()
                .mapToLong(node -> node.layer().slotBytes(node.input(), samples))
                .sum();
        return last ? layers + spec.loss().slotBytes(spec.model().outputShape(), samples) : layers;
    }

    /** The largest value over every number of micro-batches that a window of this job can have. */
    private static int most(PipelineSpec spec, IntUnaryOperator ofMicrobatches) {
        return IntStream.rangeClosed(1, Math.min(spec.microbatches(), spec.batchSize()))
                .map(ofMicrobatches)
                .max()
                .orElseThrow();
    }
}
