package io.ketju.tensor.simd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ketju.tensor.simd.Ranges.RangeTask;
import io.ketju.tensor.simd.TileRunner.TileTask;
import java.io.IOException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CompilationRootTest {
    private final List<Integer> seen = new ArrayList<>();

    @Test
    void callsTheTask() {
        CompilationRoot.run((from, to) -> seen.addAll(List.of(from, to)), 3, 17);
        CompilationRoot.run((TileTask) seen::add, 5, 7);
        assertThat(seen).containsExactly(3, 17, 5, 6);
    }

    @Test
    void throwsWhatTheTaskThrows() {
        Error error = new AssertionError("by a tile");
        TileTask tile = index -> {
            throw error;
        };
        assertThatThrownBy(() -> CompilationRoot.run(tile, 0, 1)).isSameAs(error);
        IOException checked = new IOException("past the compiler");
        RangeTask range = (from, to) -> CompilationRootTest.<RuntimeException>raise(checked);
        assertThatThrownBy(() -> CompilationRoot.run(range, 0, 1)).isSameAs(checked);
    }

    @Test
    void findsStaticMethodsOfTheCaller() throws Throwable {
        MethodHandle twice = CompilationRoot.of(MethodHandles.lookup(), "twice", float.class, float.class);
        assertThat((float) twice.invokeExact(1.5f)).isEqualTo(3);
    }

    static float twice(float x) {
        return 2 * x;
    }

    @SuppressWarnings("unchecked")
    private static <E extends Throwable> void raise(Throwable e) throws E {
        throw (E) e;
    }
}
