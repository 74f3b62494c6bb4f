package io.ketju.benchmarks.jvm;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CompilationLogTest {
    /** As JDK 25 writes it. */
    private static final String LOG = """
            [0.096s]   72       3       java.util.HashMap::afterNodeInsertion (1 bytes)   made not entrant: not used
            [0.100s]   73    b  4       io.ketju.tensor.kernel.matrix.Tile::multiply (99 bytes)
            [2.169s]  148   !   4       java.nio.DirectByteBuffer::get (34 bytes)   made not entrant: uncommon trap
            [2.500s]  900 %     4       io.ketju.tensor.kernel.matrix.Tile::multiply @ 4 (99 bytes)   made not entrant: uncommon trap
            """;

    @Test
    void countsWhatIsThrownAwayByTierAndOwner() {
        CompilationLog.Counts counts = CompilationLog.count(LOG);
        assertThat(counts.all()).isEqualTo(3);
        assertThat(counts.optimized()).isEqualTo(2);
        assertThat(counts.ours()).isEqualTo(1);
        assertThat(counts.methods()).containsExactly("Tile.multiply: uncommon trap");
    }

    @Test
    void eachStretchCountsOnce(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("log");
        CompilationLog log = new CompilationLog(file);
        Files.writeString(file, LOG);
        assertThat(log.next().all()).isEqualTo(3);
        assertThat(log.next().all()).isZero();
        Files.writeString(file, LOG + LOG.lines().findFirst().orElseThrow() + "\n");
        assertThat(log.next().all()).isEqualTo(1);
    }
}
