package io.ketju.tensor.kernel.formula;

import static io.ketju.tensor.simd.VectorMemory.VECTOR;
import static io.ketju.tensor.simd.VectorMemory.load;
import static io.ketju.tensor.simd.VectorMemory.store;

import io.ketju.tensor.Tensor;
import io.ketju.tensor.memory.Scratch;
import io.ketju.tensor.simd.CompilationRoot;
import io.ketju.tensor.simd.Elements;
import io.ketju.tensor.simd.Ranges;
import io.ketju.tensor.simd.TileRunner;
import io.ketju.tensor.simd.VectorMemory;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import jdk.incubator.vector.VectorMask;

/**
 * One call of a compiled formula, tile by tile. The rest of a tile that is no whole vector goes through spare memory, so that
 * loops know whole vectors only.
 */
final class FormulaTiles implements Ranges.RangeTask {
    private static final long SPARE_BYTES = Formula.MOST_OPERANDS * VECTOR;
    // Not final: see CompilationRoot.
    private static MethodHandle root = CompilationRoot.of(
            MethodHandles.lookup(),
            FormulaLoop.class,
            "run",
            long.class,
            long.class,
            long.class,
            long.class,
            long.class,
            long.class);

    private final TileRunner tiles;
    private final Formula formula;
    private final FormulaLoop loop;
    private final int operands;
    private final long a;
    private final long b;
    private final long c;
    private final long d;
    private final long e;

    FormulaTiles(TileRunner tiles, Formula formula, float[] scalars, Tensor[] tensors) {
        this.tiles = tiles;
        this.formula = formula;
        loop = formula.loop().with(scalars);
        operands = tensors.length;
        a = VectorMemory.address(tensors[0]);
        b = address(tensors, 1);
        c = address(tensors, 2);
        d = address(tensors, 3);
        e = address(tensors, 4);
    }

    private static long address(Tensor[] tensors, int operand) {
        return operand < tensors.length ? VectorMemory.address(tensors[operand]) : 0;
    }

    void run(int count) {
        Ranges.elements(tiles, count, this);
    }

    @Override
    public void run(int from, int to) {
        int whole = VectorMemory.vectorEnd(from, to);
        if (whole == to && !loop.buffered()) {
            whole(from, to, 0);
            return;
        }
        Scratch scratch = tiles.scratch();
        long mark = scratch.mark();
        long spare = scratch.address(SPARE_BYTES + Elements.BUFFER_BYTES);
        long buffer = spare + SPARE_BYTES;
        if (from < whole) {
            whole(from, whole, buffer);
        }
        if (whole < to) {
            rest(whole * 4L, VectorMemory.first(to - whole), spare, buffer);
        }
        scratch.release(mark);
    }

    private void whole(int from, int to, long buffer) {
        long at = from * 4L;
        long last = operands < Formula.MOST_OPERANDS ? buffer : e + at;
        loop(a + at, b + at, c + at, d + at, last, (to - from) * 4L);
    }

    private void rest(long at, VectorMask<Float> mask, long spare, long buffer) {
        for (int k = 0; k < operands; k++) {
            store(load(operand(k) + at, mask), spare + k * VECTOR);
        }
        long last = operands < Formula.MOST_OPERANDS ? buffer : spare + 4 * VECTOR;
        loop(spare, spare + VECTOR, spare + 2 * VECTOR, spare + 3 * VECTOR, last, VECTOR);
        for (int k = 0; k < operands; k++) {
            if (formula.writes(k)) {
                store(load(spare + k * VECTOR), operand(k) + at, mask);
            }
        }
    }

    private long operand(int k) {
        return switch (k) {
            case 0 -> a;
            case 1 -> b;
            case 2 -> c;
            case 3 -> d;
            default -> e;
        };
    }

    private void loop(long first, long second, long third, long fourth, long fifth, long bytes) {
        try {
            root.invokeExact(loop, first, second, third, fourth, fifth, bytes);
        } catch (Throwable thrown) {
            throw CompilationRoot.rethrow(thrown);
        }
    }
}
