package io.ketju.tensor.simd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;

class VectorMemoryTest {
    @Test
    void memoryOfAnArenaThatIsClosedByItsOwner() {
        MemorySegment segment;
        try (Arena arena = Arena.ofShared()) {
            segment = arena.allocate(64);
            assertThat(VectorMemory.address(segment)).isEqualTo(segment.address());
        }
        assertThatIllegalStateException()
                .isThrownBy(() -> VectorMemory.address(segment))
                .withMessageContaining("freed by its owner");
        MemorySegment forever = Arena.global().allocate(64);
        assertThat(VectorMemory.address(forever)).isEqualTo(forever.address());
    }

    @Test
    void refusesWhatTheGarbageCollectorMayTakeAway() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> VectorMemory.address(Arena.ofAuto().allocate(64)))
                .withMessageContaining("Arena.ofAuto()");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> VectorMemory.address(MemorySegment.ofArray(new float[16])))
                .withMessageContaining("heap");
    }
}
