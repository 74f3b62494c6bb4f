package io.ketju.tensor.simd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ketju.tensor.simd.Ranges.RangeTask;
import io.ketju.tensor.simd.TileRunner.TileTask;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CompilationRootTest {
    private final List<Integer> seen = new ArrayList<>();

    @Test
    void callsTheTask() {
        CompilationRoot.run((from, to) -> seen.addAll(List.of(from, to)), 3, 17);
        CompilationRoot.run((TileTask) seen::add, 5);
        assertThat(seen).containsExactly(3, 17, 5);
    }

    @Test
    void throwsWhatTheTaskThrows() {
        Error error = new AssertionError("by a tile");
        TileTask tile = index -> {
            throw error;
        };
        assertThatThrownBy(() -> CompilationRoot.run(tile, 0)).isSameAs(error);
        IOException checked = new IOException("past the compiler");
        RangeTask range = (from, to) -> CompilationRootTest.<RuntimeException>raise(checked);
        assertThatThrownBy(() -> CompilationRoot.run(range, 0, 1)).isSameAs(checked);
    }

    @SuppressWarnings("unchecked")
    private static <E extends Throwable> void raise(Throwable e) throws E {
        throw (E) e;
    }
}
