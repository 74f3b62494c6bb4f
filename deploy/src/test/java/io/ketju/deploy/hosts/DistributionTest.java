package io.ketju.deploy.hosts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ketju.cluster.node.InvalidClusterException;
import java.io.File;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DistributionTest {
    @TempDir
    private Path folder;

    private Path script;
    private Path jar;
    private Path other;

    @BeforeEach
    void layOut() throws Exception {
        script = Files.writeString(folder.resolve("ketju"), "#!/bin/sh\n");
        jar = Files.writeString(folder.resolve("a.jar"), "x".repeat(1000));
        other = Files.writeString(folder.resolve("b.jar"), "");
    }

    @Test
    void theHashIsOfNamesAndContents() throws Exception {
        String first = of(jar, other).hash();
        assertThat(of(other, jar).hash()).isEqualTo(first);
        assertThat(of(jar).hash()).isNotEqualTo(first);
        Files.writeString(jar, "y".repeat(1000));
        assertThat(of(jar, other).hash()).isNotEqualTo(first);
    }

    @Test
    void theLauncherKeepsItsPlaceToTheJars() throws Exception {
        assertThat(of(jar).launcher()).isEqualTo("ketju");
        Files.createDirectories(folder.resolve("lib"));
        Path bin = Files.createDirectories(folder.resolve("bin"));
        Path there = Files.copy(script, bin.resolve("ketju"));
        assertThat(Distribution.of(there.toString(), jar.toString()).files())
                .containsOnlyKeys("bin/ketju", "lib/a.jar");
    }

    /** By the tar of this machine, which is what a host has. */
    @Test
    void theArchiveUnpacks() throws Exception {
        Path to = Files.createDirectory(folder.resolve("to"));
        Process tar = new ProcessBuilder("tar", "-xf", "-", "-C", to.toString())
                .redirectErrorStream(true)
                .start();
        try (OutputStream in = tar.getOutputStream()) {
            of(jar, other).writeTo(in);
        }
        String said = new String(tar.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(tar.waitFor()).as(said).isZero();
        assertThat(to.resolve("lib").resolve("a.jar")).hasSameBinaryContentAs(jar);
        assertThat(to.resolve("lib").resolve("b.jar")).isEmptyFile();
        assertThat(to.resolve("ketju")).isExecutable();
    }

    @Test
    void whatIsNoDistributionIsRefused() {
        assertThatThrownBy(() -> Distribution.of("", jar.toString()))
                .isInstanceOf(InvalidClusterException.class)
                .hasMessageContaining("launcher");
        assertThatThrownBy(() -> of(folder))
                .isInstanceOf(InvalidClusterException.class)
                .hasMessage("--hosts: expected Ketju as jars, which are copied, found the folder " + folder
                        + " on the class path");
    }

    private Distribution of(Path... classPath) {
        String[] entries = new String[classPath.length];
        for (int i = 0; i < entries.length; i++) {
            entries[i] = classPath[i].toString();
        }
        return Distribution.of(script.toString(), String.join(File.pathSeparator, entries));
    }
}
