package io.ketju.actors.checkpoint;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RootFoldersTest {
    @TempDir
    private Path folder;

    @Test
    void whatIsWithinIsAllowedWhetherItExistsOrNot() throws IOException {
        Path root = Files.createDirectories(folder.resolve("root"));
        RootFolders roots = RootFolders.of(List.of(folder.resolve("another"), root));

        assertThatCode(() -> roots.require("checkpoint", root)).doesNotThrowAnyException();
        assertThatCode(() -> roots.require("checkpoint", root.resolve("run/checkpoints/step-1")))
                .doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(strings = {"outside", "root/../outside", "root-and-more", "root/link/deep", "root/dangling/deep", "."})
    void whatIsOutsideOrLeadsThereIsRefused(String path) throws IOException {
        Path root = Files.createDirectories(folder.resolve("root"));
        Files.createDirectories(folder.resolve("outside"));
        Files.createSymbolicLink(root.resolve("link"), folder.resolve("outside"));
        Files.createSymbolicLink(root.resolve("dangling"), folder.resolve("nowhere"));
        RootFolders roots = RootFolders.of(List.of(root));

        assertThatThrownBy(() -> roots.require("checkpoint", folder.resolve(path)))
                .isInstanceOf(OutsideRootException.class)
                .hasMessageStartingWith("checkpoint " + folder.resolve(path) + ": expected a path in " + root)
                .hasMessageContaining("--root DIR");
    }

    @Test
    void runsThatAreNotKeptLieInTheTemporaryFolder() throws IOException {
        RootFolders roots = RootFolders.of(List.of(folder));
        Path run = TemporaryRuns.make();
        try {
            assertThatCode(() -> roots.require("checkpoint", run.resolve("checkpoints")))
                    .doesNotThrowAnyException();
            assertThatThrownBy(() -> roots.require("checkpoint", run.resolveSibling("else")))
                    .isInstanceOf(OutsideRootException.class);
        } finally {
            Files.delete(run);
        }
    }
}
