package io.ketju.pipeline.stage;

import io.ketju.layers.join.Joined;
import io.ketju.layers.join.Joints;
import io.ketju.layers.model.ModelTypes;
import io.ketju.layers.model.Node;
import io.ketju.layers.model.ParameterBlock;
import io.ketju.layers.model.ParameterSizes;
import io.ketju.layers.model.Value;
import io.ketju.pipeline.PipelineSpec;
import io.ketju.pipeline.Wire;
import io.ketju.pipeline.partition.Cut;
import io.ketju.pipeline.program.SlotPlan;
import io.ketju.pipeline.program.StageProgram;
import io.ketju.pipeline.schedule.GradientGroups;
import io.ketju.pipeline.schedule.GroupSums;
import io.ketju.pipeline.schedule.ReplicaCounts;
import io.ketju.pipeline.schedule.Replicas;
import io.ketju.tensor.MicrobatchSplit;
import io.ketju.tensor.TensorType;
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
 * @param gradientPlaces sets of their gradients: the sum, and others where groups of micro-batches are added up by themselves
 * @param gradientBytes all of these, and copies of rows of sparse ones
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
 * @param slotBytes memory of one slot, in windows of the objective that takes most
 * @param unsharedSlotBytes what a slot would take if every output and every gradient of every layer had a place of its own
 * @param activationBuffers bundles of activations to the next stage; 0 on the last
 * @param activationBufferBytes size of one of them
 * @param gradientBuffers bundles of gradients to the previous stage; 0 where none go back
 * @param gradientBufferBytes size of one of them
 * @param wideBytes what came rounded, as layers take it; 0 where all bits travel
 * @param outputBufferBytes size of one of {@link #OUTPUT_BUFFERS} bundles of outputs of the model, taken when the first
 *     window comes that predicts; 0 for a stage that makes none
 * @param copyBytes a copy of all that the stage owns and learns, in runs that write checkpoints behind the steps
 * @param exchangeBytes what is sent to replicas of the stage
 */
public record StagePlan(
        int stage,
        List<String> layers,
        long parameters,
        long frozen,
        long parameterBytes,
        int gradientPlaces,
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
        long wideBytes,
        long outputBufferBytes,
        long copyBytes,
        long exchangeBytes) {
    /** Bundles of outputs that a stage may have out: one is read while the next is made. */
    public static final int OUTPUT_BUFFERS = 2;

    /** Fewer micro-batches, and packing costs more than it gains: one to three products of a few rows. */
    private static final int WORTH_PACKING = 4;

    /** Copies the list. */
    public StagePlan {
        layers = List.copyOf(layers);
    }

    /**
     * {@return the plan of one stage}
     *
     * @param spec the whole pipeline
     * @param stage of any replica, counted over all of them
     */
    public static StagePlan of(PipelineSpec spec, int stage) {
        ReplicaCounts replicas = spec.counts();
        boolean learns = replicas.replicaOf(stage) == 0;
        int inPipeline = replicas.inPipeline(stage);
        StageProgram program = spec.program(inPipeline);
        ModelTypes largest = spec.largestTypes();
        ParameterSizes sizes = ParameterSizes.of(
                program.nodes(), spec.recipe().optimizers(), spec.mirrored(stage), spec.updatedElsewhere(stage));
        ParameterSizes shown = learns
                ? sizes
                : ParameterSizes.of(program.nodes(), spec.recipe().optimizers(), spec.mirrored(inPipeline));
        StageRoom room = StageRoom.of(spec, stage);
        int places = gradientPlaces(spec, stage);
        long packed = packedBytes(spec, program.nodes());
        return new StagePlan(
                stage,
                program.layers().stream().map(Joined::text).toList(),
                shown.scalars(),
                shown.frozen(),
                sizes.valueBytes(),
                places,
                Math.addExact(Math.multiplyExact(places, sizes.gradientBytes()), sizes.rowBytes()),
                sizes.stateBytes().stream().mapToLong(Long::longValue).sum()
                        + (learns
                                ? StageSearch.bytes(spec.recipe()) + StageAverages.bytes(spec.recipe(), program.nodes())
                                : 0),
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
                most(spec, inPipeline, Joints.chosen(), SlotPlan::bytes),
                most(spec, inPipeline, Joints.NONE, SlotPlan::unsharedBytes),
                room.activations(),
                bytes(
                        spec.wire(),
                        program.after().edges().stream().map(Cut.Edge::value).toList(),
                        largest),
                program.before().gradientEdges().isEmpty() ? 0 : room.gradients(),
                bytes(spec.wire(), program.before().gradientValues(), largest),
                WideArrivals.bytes(spec, program),
                (learns ? program.outputs() : List.<Integer>of())
                        .stream()
                                .mapToLong(output -> largest.of(
                                                spec.model().outputs().get(output))
                                        .bytes())
                                .sum(),
                spec.keeps(stage) ? StateCopy.bytes(spec, stage) : 0,
                exchangeBytes(spec, stage, program));
    }

    /** Of a bundle of these values, as it travels. */
    private static long bytes(Wire wire, List<Value> values, ModelTypes largest) {
        return values.stream()
                .mapToLong(value -> wire.type(largest.of(value)).bytes())
                .sum();
    }

    /** Of the slots of all windows that there are. */
    private static long most(PipelineSpec spec, int stage, Joints joints, ToLongFunction<SlotPlan> bytes) {
        return Stream.concat(Stream.of(spec.program(stage, joints)), spec.objectivePrograms(stage, joints).stream())
                .mapToLong(program -> bytes.applyAsLong(spec.layout(program).plan()))
                .max()
                .orElseThrow();
    }

    /**
     * {@return the plans of all stages, of all replicas}
     *
     * @param spec the whole pipeline
     */
    public static List<StagePlan> all(PipelineSpec spec) {
        return IntStream.range(0, spec.allStages())
                .mapToObj(stage -> of(spec, stage))
                .toList();
    }

    /**
     * {@return the samples of the largest micro-batch that can come}
     *
     * @param spec with mini-batch size and number of micro-batches
     */
    public static int largestMicrobatch(PipelineSpec spec) {
        return MicrobatchSplit.atMost(spec.batchSize(), spec.microbatches()).largest();
    }

    /** {@return all memory of the stage that trains, apart from the scratch memory of the tensor core and {@link #copyBytes}} */
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
                        Math.multiplyExact(gradientBuffers, gradientBufferBytes),
                        exchangeBytes,
                        wideBytes)
                .reduce(0, Math::addExact);
    }

    /** {@return what the first window that predicts takes besides, in bytes} */
    public long outputBytes() {
        return Math.multiplyExact(OUTPUT_BUFFERS, outputBufferBytes);
    }

    /** For whatever any of the run's schedules takes. */
    private static int gradientPlaces(PipelineSpec spec, int stage) {
        Replicas replicas = spec.replicas();
        GradientGroups groups = replicas.share(stage);
        boolean behind = replicas.addsToOthers(stage);
        return groups.count() == 1 && !behind
                ? 1
                : spec.plansOf(stage).stream()
                        .mapToInt(plan -> new GroupSums(groups, behind)
                                .places(plan.ofStage(spec.placeInPlans(stage)), spec.firstInPlans(stage)))
                        .max()
                        .orElseThrow();
    }

    /**
     * {@return the largest tensors of a kind that a stage gets in a step of another, of another replica}
     *
     * @param spec the whole pipeline
     * @param stage that gets them, counted over all replicas
     * @param kind one of those that travel between replicas
     * @param from the stage that sends them
     */
    public static List<TensorType> exchanged(PipelineSpec spec, int stage, TensorKey.Kind kind, int from) {
        ReplicaCounts replicas = spec.counts();
        ExchangedTensors exchanged = ExchangedTensors.of(spec, spec.program(replicas.inPipeline(stage)));
        return switch (kind) {
            case GROUP_SUM -> exchanged.sums();
            case SHARE_GRADIENT -> exchanged.share(replicas.replicaOf(stage));
            default -> exchanged.weightsOf(replicas.replicaOf(from));
        };
    }

    private static long exchangeBytes(PipelineSpec spec, int stage, StageProgram program) {
        return spec.counts().of(stage) == 1
                ? 0
                : ExchangedTensors.of(spec, program)
                        .bytes(StagePorts.of(spec, stage, program, List.of()).replica());
    }

    private static long packedBytes(PipelineSpec spec, List<Node> nodes) {
        return spec.recipe().mostMicrobatches() < WORTH_PACKING
                ? 0
                : nodes.stream().mapToLong(ParameterBlock::packedBytes).sum();
    }
}
