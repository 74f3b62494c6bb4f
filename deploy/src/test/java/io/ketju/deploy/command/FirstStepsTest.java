package io.ketju.deploy.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.deploy.config.JobAssembly;
import io.ketju.deploy.config.JobFile;
import io.ketju.deploy.display.Checkup;
import io.ketju.deploy.display.Invocation;
import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What helps to begin: the checkup of a machine, a new project, the completion of a shell. */
class FirstStepsTest {
    @Test
    void everyFindingSaysWhatToChangeUnlessItIsGood() {
        List<Checkup.Finding> findings = Checkup.all();
        assertThat(findings).extracting(Checkup.Finding::name).contains("Java", "vectors", "memory", "loopback");
        for (Checkup.Finding finding : findings) {
            assertThat(finding.change().isEmpty()).as("%s", finding).isEqualTo(finding.state() == Checkup.State.GOOD);
            assertThat(finding.found()).as("%s", finding).isNotBlank();
        }
        InProcess run = InProcess.run("doctor");
        boolean broken = findings.stream().anyMatch(finding -> finding.state() == Checkup.State.BROKEN);
        assertThat(run.exitCode()).as(run.out()).isEqualTo(broken ? CommandLineInterface.FAILED : 0);
        assertThat(run.out())
                .contains("bits in a vector")
                .containsAnyOf("Everything is as it should be.", " to look at.");
    }

    @Test
    void whatIsFoundWantingIsToldWithTheCure() {
        List<String> lines = Checkup.lines(List.of(
                new Checkup.Finding("vectors", Checkup.State.WEAK, "128 bits in a vector", "another processor"),
                new Checkup.Finding("loopback", Checkup.State.BROKEN, "Operation not permitted", "allow it")));
        assertThat(lines)
                .containsExactly(
                        "  weak    vectors           128 bits in a vector",
                        "                            to change it: another processor",
                        "  broken  loopback          Operation not permitted",
                        "                            to change it: allow it");
    }

    @Test
    void aNewProjectHasAJobThatCanBeTrained(@TempDir Path folder) throws IOException {
        String template = resource("job.conf");
        Path job = folder.resolve("job.conf");
        Files.writeString(job, template.replace("NAME", "flowers"));
        assertThat(JobAssembly.build(JobFile.read(job), Optional.empty()).name())
                .isEqualTo("flowers");
        assertThat(resource("README.md")).contains("KETJU train NAME/job.conf").contains("`DATA.md`");
        assertThat(resource("DATA.md")).contains("R. A. Fisher").contains("targets = [kind]");
    }

    /** In a process of its own, as the project goes to the folder that one is in; what it says can be typed there. */
    @Test
    void aNewProjectSaysWhatCanBeTyped(@TempDir Path folder) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(flag -> flag.startsWith("--"))
                .forEach(command::add);
        command.addAll(List.of(
                "-D" + Invocation.PROPERTY + "=../my tools/ketju",
                "-cp",
                Stream.of(System.getProperty("java.class.path").split(File.pathSeparator, -1))
                        .map(entry -> Path.of(entry).toAbsolutePath().toString())
                        .collect(Collectors.joining(File.pathSeparator)),
                "io.ketju.deploy.Main",
                "new",
                "KETJU-1"));
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectError(ProcessBuilder.Redirect.DISCARD) // the JDK's word on the Vector API
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
        assertThat(said.lines().toList())
                .containsExactly(
                        "Wrote KETJU-1/job.conf, KETJU-1/DATA.md and KETJU-1/README.md.",
                        "Train it with: '../my tools/ketju' train KETJU-1/job.conf");
        Path project = folder.resolve("KETJU-1");
        assertThat(JobAssembly.build(JobFile.read(project.resolve("job.conf")), Optional.empty())
                        .name())
                .isEqualTo("KETJU-1");
        assertThat(Files.readString(project.resolve("job.conf")))
                .contains("#   '../my tools/ketju' train KETJU-1/job.conf --epochs 50");
        assertThat(Files.readString(project.resolve("README.md")))
                .startsWith("# KETJU-1\n")
                .contains("'../my tools/ketju' evaluate runs/KETJU-1-1");
        assertThat(Files.readString(project.resolve("DATA.md"))).contains("`'../my tools/ketju' train` prints");
        try (Stream<Path> left = Files.list(folder)) {
            assertThat(left).containsExactly(project);
        }
    }

    private static String resource(String name) throws IOException {
        try (var text = Objects.requireNonNull(FirstStepsTest.class.getResourceAsStream("/new-project/" + name))) {
            return new String(text.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void aProjectOverwritesNothingAndHasAPlainName() {
        for (String name : List.of("src", "a/b", "../up", "", "-x", "x".repeat(65))) {
            InProcess run = name.startsWith("-") ? InProcess.run("new", "--", name) : InProcess.run("new", name);
            assertThat(run.exitCode()).as("%s: %s", name, run.err()).isEqualTo(CommandLineInterface.BAD_INPUT);
            assertThat(run.err().lines()).as(run.err()).hasSize(1);
        }
    }

    @Test
    void bashTakesTheCompletion(@TempDir Path folder) throws IOException, InterruptedException {
        InProcess run = InProcess.run("completion");
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(InProcess.run("completion", "zsh").out()).isEqualTo(run.out());
        Path script = folder.resolve("ketju.bash");
        Files.writeString(script, run.out() + """

                compopt() { :; } # knows no place outside of a shell that completes
                COMP_WORDS=(ketju tr) COMP_CWORD=1
                _complete_ketju
                echo "${COMPREPLY[@]}"
                COMP_WORDS=(ketju train --micro) COMP_CWORD=2
                _complete_ketju
                echo "${COMPREPLY[@]}"
                """);
        Process bash = new ProcessBuilder("bash", "--norc", script.toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(bash.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(said.lines().toList()).containsExactly("train trace", "--microbatches");
    }

    @Test
    void shellsThatDoNotTakeItAreRefused() {
        InProcess run = InProcess.run("completion", "fish");
        assertThat(run.exitCode()).isEqualTo(CommandLineInterface.BAD_INPUT);
        assertThat(run.err().lines()).as(run.err()).hasSize(1);
        assertThat(run.err()).contains("fish", "bash", "zsh");
    }
}
