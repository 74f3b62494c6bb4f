package io.ketju.data.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DurableFileTest {
    // printf abc | sha256sum
    private static final FileDigest ABC =
            new FileDigest(3, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");

    @TempDir
    Path folder;

    @Test
    void writesReplacesAndHashes() throws Exception {
        Path target = folder.resolve("weights.bin");
        Files.writeString(target, "an older and longer content");
        FileDigest digest = DurableFile.write(target, out -> {
            out.write(bytes("a"));
            out.write(bytes("bc"));
        });
        assertThat(digest).isEqualTo(ABC).isEqualTo(FileDigest.of(target));
        assertThat(target).hasContent("abc");
        assertThat(names()).containsExactly("weights.bin");
    }

    @Test
    void aFailureKeepsTheOldFileAndRemovesTheTemporaryOne() throws Exception {
        Path target = folder.resolve("weights.bin");
        Files.writeString(target, "old");
        assertThatThrownBy(() -> DurableFile.write(target, out -> {
                    out.write(bytes("half of"));
                    throw new IOException("no space left on device");
                }))
                .isInstanceOf(IOException.class)
                .hasMessage("cannot write " + target + ": no space left on device");
        assertThatThrownBy(() -> DurableFile.write(target, out -> {
                    throw new IllegalStateException("broken");
                }))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("broken");
        assertThat(target).hasContent("old");
        assertThat(names()).containsExactly("weights.bin");
    }

    @Test
    void leavesTheTemporaryFilesOfOthersAlone() throws Exception {
        Path other = folder.resolve(".weights.bin.0.tmp");
        Files.writeString(other, "still being written");
        DurableFile.write(folder.resolve("weights.bin"), out -> out.write(bytes("abc")));
        assertThat(other).hasContent("still being written");
        assertThat(names()).containsExactly(".weights.bin.0.tmp", "weights.bin");
    }

    @Test
    void saysWhyItCannotWrite() throws Exception {
        Path missing = folder.resolve("none").resolve("weights.bin");
        assertThatThrownBy(() -> DurableFile.write(missing, out -> out.write(bytes("abc"))))
                .hasMessage("cannot write " + missing + ": no such file or folder");
        Path taken = Files.createDirectory(folder.resolve("taken"));
        assertThatThrownBy(() -> DurableFile.write(taken, out -> out.write(bytes("abc"))))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("cannot write " + taken + ": ")
                .hasMessageNotContaining("\n");
        assertThat(names()).containsExactly("taken");
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }
}
