package io.ketju.data.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Few bytes stay on the heap, many go to a file, and both are read alike. */
class SpillTest {
    @Test
    void whatIsWrittenIsReadWhereverItLies() {
        for (long most : new long[] {0, 1, 10, 11, 99, 100, 1 << 20}) {
            try (Spill spill = new Spill(most)) {
                for (int i = 0; i < 10; i++) {
                    spill.write(new byte[] {(byte) i, 1, 2, 3, 4, 5, 6, 7, 8, (byte) (2 * i)});
                }
                assertThat(spill.size()).isEqualTo(100);
                assertThat(spill.onDisk()).as("at most %d", most).isEqualTo(most < 100);
                Path file = spill.file();
                MemorySegment all = spill.finish();
                assertThat(file.toString().isEmpty() || Files.notExists(file)).isTrue();
                assertThat(all.byteSize()).isEqualTo(100);
                for (int i = 9; i >= 0; i--) {
                    assertThat(all.get(ValueLayout.JAVA_BYTE, 10L * i)).isEqualTo((byte) i);
                    assertThat(all.get(ValueLayout.JAVA_BYTE, 10L * i + 9)).isEqualTo((byte) (2 * i));
                }
            }
        }
    }

    @Test
    void oneThatIsGivenUpLeavesNoFile() {
        Path file;
        try (Spill spill = new Spill(2)) {
            spill.write(new byte[] {1, 2, 3});
            assertThat(spill.onDisk()).isTrue();
            file = spill.file();
            assertThat(file).exists();
        }
        assertThat(file).doesNotExist();
    }

    @Test
    void nothingAtAllIsNothing() {
        try (Spill spill = new Spill(0)) {
            assertThat(spill.finish().byteSize()).isZero();
        }
    }
}
