package io.ketju.deploy.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.deploy.launch.RequestDesk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is asked of a run from outside; a run over processes that is asked is in the system tests. */
class RepartitionCommandTest {
    @TempDir
    private Path run;

    @BeforeEach
    void isARun() throws IOException {
        Files.writeString(run.resolve("job.conf"), "data = digits\n");
    }

    private InProcess ask(Function<String, CompletionStage<String>> served, String... wish) {
        RequestDesk desk = RequestDesk.open(run, served);
        try {
            return InProcess.run(Stream.concat(Stream.of("repartition", run.toString()), Stream.of(wish))
                    .toArray(String[]::new));
        } finally {
            desk.close();
        }
    }

    private void nothingIsLeft() throws IOException {
        try (Stream<Path> files = Files.list(run)) {
            assertThat(files.map(file -> String.valueOf(file.getFileName()))).containsExactly("job.conf");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--stages 3 | stages 3",
                "--stage-bounds 0,2,5 | stage-bounds [0, 2, 5]",
                "--workers +1 | workers +1",
                "--workers -2 | workers -2"
            })
    void theRunHearsTheWishAndItsAnswerIsPrinted(String flags, String heard) throws IOException {
        InProcess asked = ask(text -> CompletableFuture.completedFuture("heard " + text), flags.split(" "));
        assertThat(asked).isEqualTo(new InProcess(0, "heard " + heard + "\n", ""));
        nothingIsLeft();
    }

    @Test
    void aRefusalIsOneLineAndExitCode2() throws IOException {
        InProcess later = ask(
                text -> CompletableFuture.failedFuture(new IllegalStateException("repartition: no")), "--stages", "3");
        assertThat(later).isEqualTo(new InProcess(2, "", "ketju repartition: repartition: no\n"));
        InProcess atOnce = ask(
                text -> {
                    throw new IllegalArgumentException("repartition: never");
                },
                "--stages",
                "3");
        assertThat(atOnce).isEqualTo(new InProcess(2, "", "ketju repartition: repartition: never\n"));
        nothingIsLeft();
    }

    /** A link may lead to what another user wrote, or to a device. */
    @Test
    void aRequestThatIsNoPlainFileIsNotTaken() throws Exception {
        Path elsewhere = Files.writeString(run.resolve("elsewhere"), "stages 3");
        CompletableFuture<String> heard = new CompletableFuture<>();
        RequestDesk desk = RequestDesk.open(run, text -> {
            heard.complete(text);
            return CompletableFuture.completedFuture("done");
        });
        try {
            InProcess.run("repartition", run.toString(), "--stages", "4");
            assertThat(heard.get()).isEqualTo("stages 4");
            Files.createSymbolicLink(run.resolve("a.request"), elsewhere);
            assertThat(InProcess.run("repartition", run.toString(), "--stages", "5")
                            .out())
                    .isEqualTo("done\n");
            assertThat(run.resolve("a.request")).doesNotExist();
            assertThat(run.resolve("a.answer")).doesNotExist();
        } finally {
            desk.close();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'' | expected one of --stages, --stage-bounds and --workers, found none",
                "--stages 2 --workers +1 | expected one of --stages, --stage-bounds and --workers, found 2",
                "--stages 0 | --stages: expected a whole number without unit, 1 or more, found \"0\"",
                "--stage-bounds 0,x | --stage-bounds: expected a whole number",
                "--workers 2 | --workers: expected how many more or fewer, such as +1 or -1, found \"2\"",
                "--workers +0 | --workers: expected how many more or fewer"
            })
    void wishesThatAreNoneAreRefused(String flags, String line) throws IOException {
        InProcess asked = ask(
                text -> CompletableFuture.completedFuture("heard"), flags.isEmpty() ? new String[0] : flags.split(" "));
        assertThat(asked.exitCode()).isEqualTo(2);
        assertThat(asked.err()).startsWith("ketju repartition: " + line).hasLineCount(1);
        nothingIsLeft();
    }

    @Test
    void aFolderThatIsNoRunIsRefused() {
        InProcess asked = InProcess.run("repartition", run.resolve("none").toString(), "--stages", "2");
        assertThat(asked.exitCode()).isEqualTo(2);
        assertThat(asked.err()).contains("not a run: expected a folder with job.conf");
    }
}
