package io.ketju.pipeline.stage;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.memory.TensorArena;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class StateHashTest {
    @Test
    void equalsTheHashMadeByShell() {
        // printf '\x00\x00\x80\x3f\x00\x00\x00\x40' | sha256sum, then printf 'a [2] <digest>\n' | sha256sum
        try (TensorArena arena = new TensorArena(64)) {
            Tensor a = arena.allocate(Shape.of(2));
            a.copyFrom(new float[] {1, 2});
            assertThat(StateHash.of(Map.of("a", a)))
                    .isEqualTo("64c122a9d7b70459142fa13cdb379a8466b012b619ca57937f8ee88e99f6be87");
        }
    }

    @Test
    void dependsOnEveryBitEveryNameAndEveryShapeButNotOnTheOrder() {
        try (TensorArena arena = new TensorArena(4096)) {
            Tensor a = arena.allocate(Shape.of(2, 3));
            Tensor b = arena.allocate(Shape.of(5));
            Map<String, Tensor> state = new LinkedHashMap<>();
            state.put("b", b);
            state.put("a", a);
            String hash = StateHash.of(state);
            assertThat(StateHash.of(new TreeMap<>(state))).isEqualTo(hash);
            assertThat(StateHash.of(Map.of("a", a.view(Shape.of(3, 2)), "b", b)))
                    .isNotEqualTo(hash);
            assertThat(StateHash.of(Map.of("c", a, "b", b))).isNotEqualTo(hash);
            b.setFloat(4, -0.0f);
            assertThat(StateHash.of(state)).isNotEqualTo(hash);
        }
    }

    @Test
    void stagesCanHashApart() {
        try (TensorArena arena = new TensorArena(4096)) {
            Map<String, Tensor> first = Map.of("0.weight", arena.allocate(Shape.of(3)));
            Map<String, Tensor> second = Map.of("1.weight", arena.allocate(Shape.of(4)));
            Map<String, Tensor> all = new TreeMap<>(first);
            all.putAll(second);
            Map<String, String> digests = new LinkedHashMap<>(StateHash.digests(second));
            digests.putAll(StateHash.digests(first));
            assertThat(StateHash.combine(digests)).isEqualTo(StateHash.of(all));
        }
    }
}
