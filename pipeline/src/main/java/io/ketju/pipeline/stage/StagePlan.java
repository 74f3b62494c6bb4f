package io.ketju.pipeline.stage;

import io.ketju.layers.join.Joined;
import io.ketju.layers.join.Joints;
import io.ketju.layers.model.ModelTypes;
import io.ketju.layers.model.Node;
import io.ketju.layers.model.ParameterBlock;
import io.ketju.layers.model.ParameterSizes;
import io.ketju.pipeline.PipelineSpec;
import io.ketju.pipeline.program.SlotPlan;
import io.ketju.pipeline.program.StageProgram;
import io.ketju.tensor.MicrobatchSplit;
import java.util.List;
import java.util.function.ToLongFunction;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * What a stage holds and how much memory it will take, known before anything is allocated: the row of the stage table
 * that users see.
 *
 * @param stage index from 0
 * @param layers its layers as text, in order; those that run as one with a plus between them
 * @param parameters number of scalars that learn
 * @param frozen number of scalars that would, were they not frozen
 * @param parameterBytes values of all parameters
 * @param gradientBytes their gradients, and copies of rows of sparse ones
 * @param stateBytes optimizer state, and averages of weights
 * @param packedBytes weights packed for steps of many micro-batches
 * @param windows windows of which something has run, but not the step: 1 where they do not overlap
 * @param versions sets of weights that are kept at once, at most: 1 where windows do not overlap
 * @param versionBytes all of them but the live one
 * @param stepBytes what micro-batches leave until the optimizer step, all together
 * @param constantBytes inputs that never change
 * @param slots micro-batches at most whose values are held at a time, over all legal numbers of micro-batches
 * @param inFlight micro-batches in flight at most; more than {@code slots} where the stage recomputes, and holds only what
 *     their forward began with, in the buffers that it came in
 * @param recomputes whether the stage runs every forward again
 * @param slotBytes memory of one of them, in windows of the objective that takes most
 * @param unsharedSlotBytes what a slot would take if every output and every gradient of every layer had a place of its own
 * @param activationBuffers bundles of activations to the next stage; 0 on the last
 * @param activationBufferBytes size of one of them
 * @param gradientBuffers bundles of gradients to the previous stage; 0 where none go back
 * @param gradientBufferBytes size of one of them
 * @param outputBufferBytes size of one of {@link #OUTPUT_BUFFERS} bundles of outputs of the model, taken when the first
 *     window comes that predicts; 0 for a stage that makes none
 * @param copyBytes a copy of all that the stage owns and learns, in runs that write checkpoints behind the steps
 */
public record StagePlan(
        int stage,
        List<String> layers,
        long parameters,
        long frozen,
        long parameterBytes,
        long gradientBytes,
        long stateBytes,
        long packedBytes,
        int windows,
        int versions,
        long versionBytes,
        long stepBytes,
        long constantBytes,
        int slots,
        int inFlight,
        boolean recomputes,
        long slotBytes,
        long unsharedSlotBytes,
        int activationBuffers,
        long activationBufferBytes,
        int gradientBuffers,
        long gradientBufferBytes,
        long outputBufferBytes,
        long copyBytes) {
    /** Bundles of outputs that a stage may have out: one is read while the next is made. */
    public static final int OUTPUT_BUFFERS = 2;

    /** Fewer micro-batches, and packing costs more than it gains: one to three products of a few rows. */
    private static final int WORTH_PACKING = 4;

    public StagePlan {
        layers = List.copyOf(layers);
    }

    /** The plan of one stage. */
    public static StagePlan of(PipelineSpec spec, int stage) {
        StageProgram program = spec.program(stage);
        ModelTypes largest = spec.largestTypes();
        ParameterSizes sizes = ParameterSizes.of(
                program.nodes(), spec.recipe().optimizers(), program.ties().mirroredBy(stage));
        StageRoom room = StageRoom.of(spec, stage);
        long packed = packedBytes(spec, program.nodes());
        return new StagePlan(
                stage,
                program.layers().stream().map(Joined::text).toList(),
                sizes.scalars(),
                sizes.frozen(),
                sizes.valueBytes(),
                Math.addExact(sizes.gradientBytes(), sizes.rowBytes()),
                sizes.stateBytes().stream().mapToLong(Long::longValue).sum()
                        + StageSearch.bytes(spec.recipe())
                        + StageAverages.bytes(spec.recipe(), program.nodes()),
                packed,
                room.windows(),
                room.versions(),
                Math.multiplyExact(room.versions() - 1, StageRoom.versionBytes(spec, program, packed > 0)),
                Math.multiplyExact(
                        StepTensors.bytes(program),
                        Math.multiplyExact(spec.recipe().mostMicrobatches(), room.windows())),
                StageConstants.bytes(program),
                room.slots(),
                room.inFlight(),
                spec.plan().recomputes(stage),
                most(spec, stage, Joints.chosen(), SlotPlan::bytes),
                most(spec, stage, Joints.NONE, SlotPlan::unsharedBytes),
                room.activations(),
                program.after().activationBytes(largest),
                program.before().gradientEdges().isEmpty() ? 0 : room.gradients(),
                program.before().gradientBytes(largest),
                program.outputs().stream()
                        .mapToLong(output ->
                                largest.of(spec.model().outputs().get(output)).bytes())
                        .sum(),
                StateCopy.bytes(spec, stage));
    }

    /** Of the slots of all windows that there are. */
    private static long most(PipelineSpec spec, int stage, Joints joints, ToLongFunction<SlotPlan> bytes) {
        return Stream.concat(Stream.of(spec.program(stage, joints)), spec.objectivePrograms(stage, joints).stream())
                .mapToLong(program -> bytes.applyAsLong(spec.layout(program).plan()))
                .max()
                .orElseThrow();
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

    /** All memory of the stage that trains, apart from the scratch memory of the tensor core and {@link #copyBytes}. */
    public long bytes() {
        return LongStream.of(
                        parameterBytes,
                        gradientBytes,
                        stateBytes,
                        packedBytes,
                        versionBytes,
                        stepBytes,
                        constantBytes,
                        Math.multiplyExact(slots, slotBytes),
                        Math.multiplyExact(activationBuffers, activationBufferBytes),
                        Math.multiplyExact(gradientBuffers, gradientBufferBytes))
                .reduce(0, Math::addExact);
    }

    /** What the first window that predicts takes besides. */
    public long outputBytes() {
        return Math.multiplyExact(OUTPUT_BUFFERS, outputBufferBytes);
    }

    private static long packedBytes(PipelineSpec spec, List<Node> nodes) {
        return spec.recipe().mostMicrobatches() < WORTH_PACKING
                ? 0
                : nodes.stream().mapToLong(ParameterBlock::packedBytes).sum();
    }
}
