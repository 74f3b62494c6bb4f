package io.ketju.browser;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Who installs a browser, and what is said where nobody may; apt-get is a script here. */
@DisabledOnOs(OS.WINDOWS)
class ChromiumProgramTest {
    private static final Duration LONG = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    private Path script(String name, String... lines) throws IOException {
        Path file = folder.resolve(name);
        Files.writeString(file, "#!/bin/sh\n" + String.join("\n", lines) + "\n");
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
    }

    private ChromiumProgram program(boolean root, boolean allowed, Duration patience) {
        return new ChromiumProgram(
                List.of(folder.resolve("empty"), folder), root, allowed, patience, folder.resolve("lock"));
    }

    private List<String> asked() throws IOException {
        return Files.readAllLines(folder.resolve("asked"));
    }

    /** A script that notes what it is asked for. */
    private void apt(String... lines) throws IOException {
        String[] all = new String[lines.length + 2];
        all[0] = "cd '" + folder + "'";
        all[1] = "case \"$*\" in *install*) echo install >> asked;; *) echo update >> asked;; esac";
        System.arraycopy(lines, 0, all, 2, lines.length);
        script("apt-get", all);
    }

    @Test
    void oneThatIsThereIsTaken() throws Exception {
        Path there = script("chromium");
        assertThat(program(false, false, LONG).find().program()).contains(there);
    }

    @Test
    void rootInstallsOne() throws Exception {
        apt("touch chromium && chmod +x chromium");
        ChromiumProgram.Found found = program(true, true, LONG).find();
        assertThat(found.program()).contains(folder.resolve("chromium"));
        assertThat(found.why()).isEmpty();
        assertThat(asked()).containsExactly("install");
    }

    @Test
    void wherePackagesAreNotKnownTheListIsReadFirst() throws Exception {
        apt("[ \"$(wc -l < asked)\" = 1 ] && exit 100", "touch chromium && chmod +x chromium");
        assertThat(program(true, true, LONG).find().program()).contains(folder.resolve("chromium"));
        assertThat(asked()).containsExactly("install", "update", "install");
    }

    @Test
    void whatFailsIsSaid() throws Exception {
        apt("echo 'E: Unable to locate package chromium'", "exit 100");
        ChromiumProgram.Found found = program(true, true, LONG).find();
        assertThat(found.program()).isEmpty();
        assertThat(found.why())
                .startsWith("no Chromium on the PATH (chromium, ")
                .contains("and apt-get did not install it:\n", "E: Unable to locate package", "ended with 100");
        assertThat(asked()).containsExactly("install", "update");
        assertThat(program(true, true, LONG).find())
                .as("another process of the build")
                .isEqualTo(found);
        assertThat(asked()).hasSize(2);
        assertThat(folder.resolve("lock"))
                .as("the lock, which reading its file would end")
                .isEmptyFile();
    }

    @Test
    void whatTakesTooLongIsEnded() throws Exception {
        apt("exec sleep 1000");
        ChromiumProgram.Found found =
                program(true, true, Duration.ofMillis(300)).find();
        assertThat(found.program()).isEmpty();
        assertThat(found.why()).contains("install -y --no-install-recommends chromium took too long");
    }

    @Test
    void whoMayNotSaysWhy() throws Exception {
        assertThat(program(true, true, LONG).find().why()).endsWith("and none can be installed: there is no apt-get");
        apt("touch chromium && chmod +x chromium");
        assertThat(program(false, true, LONG).find().why())
                .endsWith("and none can be installed: this user is not root");
        assertThat(program(true, false, LONG).find().why()).endsWith("and -Dketju.browser.install=false");
        assertThat(folder.resolve("asked")).doesNotExist();
    }
}
