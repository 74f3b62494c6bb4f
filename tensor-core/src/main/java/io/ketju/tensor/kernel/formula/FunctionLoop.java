package io.ketju.tensor.kernel.formula;

import io.ketju.tensor.kernel.formula.Expression.Applied;
import io.ketju.tensor.simd.VectorExpLog;
import io.ketju.tensor.simd.VectorSigmoid;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A stage that is a function of the library and nothing else, where the library has a loop for it: such loops look at
 * whole vectors before they choose how to compute them.
 */
final class FunctionLoop extends FormulaLoop {
    /** {@code y = f(x)} for memory of whole vectors; y may be x. */
    private interface Loop {
        void run(long x, long y, long bytes);
    }

    private static final Map<Operation, Loop> LOOPS = new EnumMap<>(Map.of(
            Operation.EXP, VectorExpLog::exp, Operation.LOG, VectorExpLog::log, Operation.SIGMOID, VectorSigmoid::run));

    private final Loop loop;
    private final int x;
    private final int y;
    private final long block;

    private FunctionLoop(Loop loop, int x, int y, long block) {
        super(new float[0]);
        this.loop = loop;
        this.x = x;
        this.y = y;
        this.block = block;
    }

    /** The loop of a stage: the library's if there is one, else one of its own. */
    static FormulaLoop of(LoopStage stage, long block) {
        FormulaLoop found = stage.results().size() == 1 ? find(stage, block) : null;
        return found == null ? LoopCompiler.compile(stage, block) : found;
    }

    private static @Nullable FormulaLoop find(LoopStage stage, long block) {
        Map.Entry<Integer, Expression> result =
                stage.results().entrySet().iterator().next();
        if (result.getValue() instanceof Applied applied) {
            Loop loop = LOOPS.get(applied.operation());
            Expression x = applied.parts().getFirst();
            if (loop != null && stage.isRead(x)) {
                return new FunctionLoop(loop, stage.placeOf(x), result.getKey(), block);
            }
        }
        return null;
    }

    @Override
    FormulaLoop with(float[] numbers) {
        return this;
    }

    @Override
    void run(long a, long b, long c, long d, long e, long bytes) {
        loop.run(address(x, a, b, c, d, e), address(y, a, b, c, d, e), bytes);
    }

    private long address(int place, long a, long b, long c, long d, long e) {
        return switch (place) {
            case 0 -> a;
            case 1 -> b;
            case 2 -> c;
            case 3 -> d;
            default -> e + (place - Formula.MOST_OPERANDS) * block;
        };
    }
}
