package io.ketju.pipeline.stage;

import io.ketju.layers.Parameter;
import io.ketju.layers.model.Node;
import io.ketju.layers.model.ParameterSizes;
import io.ketju.pipeline.PipelineSpec;
import io.ketju.pipeline.Recipe;
import io.ketju.pipeline.program.StageProgram;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.core.TensorCore;
import io.ketju.tensor.memory.TensorArena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * A second set of all that a stage has learnt, as it was at a step boundary: training goes on in the first set while this one
 * is written to a checkpoint. Taken once, of the size that {@link StagePlan#copyBytes} says, and overwritten by every {@link
 * #take}. Whoever reads it is done before the next one. Not thread-safe.
 */
final class StateCopy implements StageHoldings.Owner {
    /** Bytes of one tile: large enough that handing it to another thread costs nothing, small enough that all threads get some. */
    private static final int TILE_BYTES = 1 << 20;

    private record Part(MemorySegment from, MemorySegment to) {}

    private final TensorArena memory;
    private final List<Part> parts = new ArrayList<>();
    private @Nullable SequencedMap<String, Tensor> laidOut;
    private SequencedMap<String, Tensor> copies = Collections.unmodifiableSequencedMap(new LinkedHashMap<>());

    /** Bytes that the copy of a stage takes. */
    static long bytes(PipelineSpec spec, int stage) {
        boolean values = spec.counts().replicaOf(stage) == 0;
        StageProgram program = spec.program(spec.counts().inPipeline(stage));
        Recipe recipe = spec.recipe();
        Set<String> mirrored = spec.mirrored(stage);
        ParameterSizes sizes =
                ParameterSizes.of(program.nodes(), recipe.optimizers(), mirrored, spec.updatedElsewhere(stage));
        Map<String, Long> owned = new HashMap<>();
        for (Node node : program.nodes()) {
            for (int i = 0; i < node.parameters().size(); i++) {
                Parameter parameter = node.layer().parameters().get(i);
                owned.put(node.parameters().get(i), TensorArena.bytesFor(parameter.shape()));
            }
        }
        owned.keySet().removeAll(mirrored);
        long counts = Math.multiplyExact(TensorArena.bytesFor(Shape.of()), (long) owned.size());
        return LongStream.of(
                        values
                                ? owned.values().stream()
                                        .mapToLong(Long::longValue)
                                        .sum()
                                : 0,
                        sizes.stateBytes().stream().mapToLong(Long::longValue).sum(),
                        values ? StageSearch.bytes(recipe) : 0,
                        values ? StageAverages.bytes(recipe, program.nodes()) : 0,
                        counts)
                .reduce(0, Math::addExact);
    }

    StateCopy(long bytes) {
        memory = new TensorArena(bytes);
    }

    /**
     * Copies live tensors, on all threads of the core that are idle.
     *
     * @param live of the stage, the same tensors as long as there are no more of them
     * @return the copies under the same names, in the same order; they are this object's
     */
    SequencedMap<String, Tensor> take(SequencedMap<String, Tensor> live, TensorCore core) {
        // Counts of updates come into being after the first step of some runs.
        if (!live.equals(laidOut)) {
            layOut(live);
        }
        core.parallel(
                parts.size(),
                tile -> parts.get(tile).to().copyFrom(parts.get(tile).from()));
        return copies;
    }

    private void layOut(SequencedMap<String, Tensor> live) {
        memory.reset();
        parts.clear();
        SequencedMap<String, Tensor> laid = new LinkedHashMap<>();
        live.forEach((name, from) -> {
            Tensor to = memory.allocate(from.dtype(), from.shape());
            laid.put(name, to);
            long bytes = from.segment().byteSize();
            for (long at = 0; at < bytes; at += TILE_BYTES) {
                long length = Math.min(TILE_BYTES, bytes - at);
                parts.add(new Part(
                        from.segment().asSlice(at, length), to.segment().asSlice(at, length)));
            }
        });
        copies = Collections.unmodifiableSequencedMap(laid);
        laidOut = live;
    }

    @Override
    public long heldBytes() {
        return memory.capacityBytes();
    }

    @Override
    public void close() {
        memory.close();
    }
}
