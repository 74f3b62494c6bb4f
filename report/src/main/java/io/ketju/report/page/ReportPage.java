package io.ketju.report.page;

import io.ketju.actors.job.DataSource;
import io.ketju.actors.job.TrainingJob;
import io.ketju.actors.job.TrainingResult;
import io.ketju.records.text.JobHeader;
import io.ketju.records.text.Machine;
import io.ketju.records.text.Units;
import io.ketju.report.gather.RunFacts;
import io.ketju.report.gather.RunPictures;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.function.BiConsumer;

/** A run as one HTML file that needs nothing else, and says so itself: its policy lets it ask no host for anything. */
public final class ReportPage {
    private static final String POLICY =
            "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:";

    /** A part of the page, behind a link of the same name. */
    private record Section(String id, String title, BiConsumer<Markup, RunPictures> content) {}

    private static final List<Section> SECTIONS = List.of(
            new Section("curves", "Curves", CurvesPart::write),
            new Section("samples", "Samples", SamplesPart::write),
            new Section("weights", "Weights", WeightsPart::write),
            new Section("pipeline", "Pipeline", PipelinePart::write),
            new Section("settings", "Settings", ReportPage::settings),
            new Section("versions", "Versions", ReportPage::versions));

    private ReportPage() {}

    /**
     * All of it.
     *
     * @param run what was gathered of it
     * @return the whole file
     */
    public static String of(RunPictures run) {
        RunFacts facts = run.facts();
        Markup html = new Markup();
        html.raw("<!DOCTYPE html>\n");
        html.open("html", "lang", "en").open("head");
        html.empty("meta", "charset", "utf-8");
        html.empty("meta", "http-equiv", "Content-Security-Policy", "content", POLICY);
        html.empty("meta", "name", "viewport", "content", "width=device-width, initial-scale=1");
        html.leaf("title", facts.folder().getFileName() + " - Ketju");
        html.open("style").raw(resource("report.css")).close();
        html.close().open("body");
        html.open("header");
        html.leaf("h1", String.valueOf(facts.folder().getFileName()));
        html.leaf("p", summary(facts));
        html.open("nav", "aria-label", "Parts of this page");
        SECTIONS.forEach(section -> html.leaf("a", section.title(), "href", "#" + section.id()));
        html.close().close().open("main");
        for (Section section : SECTIONS) {
            html.open("section", "id", section.id(), "aria-labelledby", section.id() + "-title");
            html.leaf("h2", section.title(), "id", section.id() + "-title");
            section.content().accept(html, run);
            html.close();
        }
        html.close();
        html.open("script").raw(resource("report.js")).close();
        return html.close().close().toString();
    }

    private static String summary(RunFacts facts) {
        TrainingJob job = facts.job();
        String steps = Units.count(facts.steps()) + " of " + Units.count(job.totalSteps()) + " steps";
        String end = facts.completed()
                ? "Trained " + steps
                : "Stopped after " + steps
                        + facts.stopReason().map(reason -> ": " + reason).orElse("");
        return end + ". " + job.source().name() + " on " + data(job) + ", "
                + Units.count(job.model().parameterCount()) + " parameters, " + JobHeader.stages(job) + ", "
                + job.schedule().name() + ".";
    }

    /** What its samples are called, or its batches where a program makes them. */
    private static String data(TrainingJob job) {
        return job.datasets().map(DataSource::reference).orElse(job.train().name());
    }

    private static void settings(Markup html, RunPictures run) {
        html.open("pre", "tabindex", "0");
        try {
            html.text(Files.readString(run.facts().folder().resolve("job.conf")));
        } catch (IOException e) {
            html.text("job.conf cannot be read: " + e.getMessage());
        }
        html.close();
    }

    private static void versions(Markup html, RunPictures run) {
        RunFacts facts = run.facts();
        String version = ReportPage.class.getPackage().getImplementationVersion();
        html.open("dl");
        row(html, "state", facts.stateSha256());
        html.leaf("dd", "SHA-256 of all parameters and optimizer state: equal runs have equal ones", "class", "note");
        row(html, "Ketju", version == null ? "not packaged" : version);
        row(html, "machine", Machine.describe(facts.job().threads()));
        row(
                html,
                "system",
                System.getProperty("os.name") + " " + System.getProperty("os.version") + ", "
                        + System.getProperty("os.arch"));
        facts.phases().ifPresent(phases -> row(html, "time", time(phases)));
        html.close();
    }

    private static String time(TrainingResult.Phases phases) {
        return "start " + Units.duration(phases.start()) + ", train " + Units.duration(phases.train()) + ", evaluate "
                + Units.duration(phases.evaluate()) + ", checkpoints " + Units.duration(phases.checkpoint());
    }

    private static void row(Markup html, String name, String value) {
        html.leaf("dt", name).leaf("dd", value);
    }

    private static String resource(String name) {
        try (InputStream in = Objects.requireNonNull(ReportPage.class.getResourceAsStream(name), name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Writes it over what is there; what reads it meanwhile sees the one or the other.
     *
     * @param file in a folder that is there
     * @param run what was gathered of it
     * @throws IOException if it cannot be written
     */
    public static void write(Path file, RunPictures run) throws IOException {
        io.ketju.data.file.DurableFile.write(file, out -> out.write(StandardCharsets.UTF_8.encode(of(run))));
    }
}
