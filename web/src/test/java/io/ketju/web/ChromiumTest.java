package io.ketju.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.ketju.actors.Ketju;
import io.ketju.actors.job.DataSource;
import io.ketju.actors.job.TrainingEvent;
import io.ketju.actors.job.TrainingJob;
import io.ketju.actors.job.TrainingListener;
import io.ketju.pipeline.trace.TracedAction;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page in a browser, by what stands in it once it has heard of a whole run. Where no Chromium is, it says that it skips. */
class ChromiumTest {
    private static final List<String> NAMES = List.of("chromium", "chromium-browser", "google-chrome", "chrome");
    private static final int PATIENCE_SECONDS = 120;

    @TempDir
    Path folder;

    private static Optional<Path> chromium() {
        return Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1))
                .flatMap(place -> NAMES.stream().map(name -> Path.of(place, name)))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** Hears of a run without a server. */
    private record Hearing(LiveRun run) implements TrainingListener {
        @Override
        public void on(TrainingEvent event) {
            run.on(event);
        }

        @Override
        public Optional<Consumer<TracedAction>> actions() {
            return Optional.of(run.actions()::add);
        }
    }

    @Test
    void thePageShowsTheRun() throws IOException, InterruptedException {
        Optional<Path> browser = chromium();
        assumeTrue(browser.isPresent(), "skipped: no Chromium on the PATH (" + String.join(", ", NAMES) + ")");
        TrainingJob job = Ketju.job()
                .name("<b>iris</b>")
                .model("mlp(4, 8, 3)")
                .data(DataSource.named("iris"))
                .stages(2)
                .microbatches(2)
                .batchSize(30)
                .epochs(3)
                .build();
        LiveRun run = new LiveRun();
        Ketju.fit(job, new Hearing(run));
        run.end();
        try (DashboardServer server = DashboardServer.start(0, run)) {
            String page = open(browser.get(), server.address().toString());
            assertThat(page)
                    .contains("&lt;b&gt;iris&lt;/b&gt; (not kept)")
                    .contains("mlp(4, 8, 3) on ", "2 stages, 1F1B, 2 micro-batches, batch 30")
                    .containsPattern("ended: step 12 of 12, epoch 3 of 3, loss \\d\\.\\d{4}")
                    .contains("epoch 3: train loss")
                    .contains("rank 1, 1F0: forward of micro-batch 0")
                    .contains("loss by step: loss ", "accuracy by epoch: train ", "learning rate by step")
                    .contains("This process, measured: ");
            assertThat(count(page, "<canvas")).as("charts").isEqualTo(6);
            assertThat(count(page, "<rect")).as("actions of two steps").isEqualTo(2 * 2 * 5);
            assertThat(count(page, "class=\"bar\"")).as("stages").isEqualTo(2);
        }
    }

    private static long count(String page, String what) {
        return Pattern.compile(Pattern.quote(what)).matcher(page).results().count();
    }

    /** The page as it stands when nothing more is going on; on a small screen. */
    private String open(Path browser, String address) throws IOException, InterruptedException {
        Path page = folder.resolve("page.html");
        Path said = folder.resolve("said.txt");
        List<String> command =
                new ArrayList<>(List.of(browser.toString(), "--headless", "--no-sandbox", "--disable-gpu"));
        command.addAll(List.of("--disable-dev-shm-usage", "--no-first-run", "--window-size=400,1200"));
        command.add("--user-data-dir=" + folder.resolve("profile"));
        command.addAll(List.of("--enable-logging=stderr", "--virtual-time-budget=8000", "--dump-dom", address));
        Process process = new ProcessBuilder(command)
                .redirectOutput(page.toFile())
                .redirectError(said.toFile())
                .start();
        try {
            assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS))
                    .as("Chromium ends within %d s", PATIENCE_SECONDS)
                    .isTrue();
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
        assertThat(Files.readString(said)).doesNotContain("Uncaught", "Refused to", "Content Security Policy");
        return Files.readString(page);
    }
}
