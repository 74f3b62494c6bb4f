package io.ketju.tensor.kernel.formula;

import static io.ketju.tensor.simd.VectorMemory.VECTOR;

import io.ketju.tensor.simd.Elements;
import java.util.List;

/** The loops of a formula with stored values, one after the other for each block of elements that the buffer holds. */
final class StagedLoop extends FormulaLoop {
    private final List<FormulaLoop> stages;
    private final long block;

    private StagedLoop(float[] scalars, List<FormulaLoop> stages, long block) {
        super(scalars);
        this.stages = stages;
        this.block = block;
    }

    /** The loop of a formula, in stages where it has stored values. */
    static FormulaLoop of(Formula formula) {
        List<LoopStage> stages = LoopStage.of(formula);
        long block = Elements.BUFFER_BYTES / Math.max(1, stages.size() - 1) / VECTOR * VECTOR;
        List<FormulaLoop> loops =
                stages.stream().map(stage -> FunctionLoop.of(stage, block)).toList();
        return loops.size() == 1 ? loops.getFirst() : new StagedLoop(new float[0], loops, block);
    }

    @Override
    FormulaLoop with(float[] numbers) {
        return new StagedLoop(
                numbers, stages.stream().map(stage -> stage.with(numbers)).toList(), block);
    }

    @Override
    boolean buffered() {
        return true;
    }

    @Override
    void run(long a, long b, long c, long d, long e, long bytes) {
        for (long i = 0; i < bytes; i += block) {
            long part = Math.min(block, bytes - i);
            for (FormulaLoop stage : stages) {
                stage.run(a + i, b + i, c + i, d + i, e, part);
            }
        }
    }
}
