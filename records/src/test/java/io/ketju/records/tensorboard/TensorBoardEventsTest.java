package io.ketju.records.tensorboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import io.ketju.actors.Ketju;
import io.ketju.actors.job.DataSource;
import io.ketju.actors.job.JobBuilder;
import io.ketju.actors.job.TrainingJob;
import io.ketju.layers.optimizer.SGD;
import io.ketju.records.RunRecords;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What trained and continued runs leave for TensorBoard, read again. */
class TensorBoardEventsTest {
    private static final int STEPS_PER_EPOCH = 4;

    @TempDir
    Path folder;

    @Test
    void aRunAndItsContinuationTellTheirNumbers() throws IOException {
        Path run = folder.resolve("run");
        train(job().epochs(2).runDirectory(run), run);
        List<Path> files = files(run);
        assertThat(files).hasSize(1);
        List<EventReader.Event> events = EventReader.read(files.getFirst());
        assertThat(events.getFirst())
                .extracting(EventReader.Event::kind, EventReader.Event::text)
                .containsExactly("version", "brain.Event:2");
        assertThat(events.get(1))
                .extracting(EventReader.Event::kind, EventReader.Event::step)
                .containsExactly("start", 1L);
        assertThat(events.get(2).others()).containsKey("_hparams_/session_start_info");
        assertThat(events.get(3).text()).contains("    data = ").contains("iris");
        assertThat(with(events, "step/loss"))
                .extracting(EventReader.Event::step)
                .containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L);
        assertThat(with(events, "test/accuracy"))
                .extracting(EventReader.Event::step)
                .containsExactly(4L, 8L);
        assertThat(with(events, "train/loss")).hasSize(2);
        requireNumbersOf(run, with(events, "test/loss"));
        assertThat(with(events, "speed/samples_per_second").getFirst().values()).containsKey("speed/bubble");

        train(job().epochs(3).resume(run), run);
        List<Path> both = files(run);
        assertThat(both).hasSize(2).startsWith(files.getFirst());
        List<EventReader.Event> continued = EventReader.read(both.getLast());
        assertThat(continued.get(1).step()).isEqualTo(2 * STEPS_PER_EPOCH + 1);
        assertThat(with(continued, "step/loss"))
                .extracting(EventReader.Event::step)
                .containsExactly(9L, 10L, 11L, 12L);
    }

    /** Histograms in the epochs that are asked for, a picture of the table of classes after every epoch, settings and end. */
    @Test
    void whatElseIsShown() throws IOException {
        Path run = folder.resolve("run");
        train(
                job().metrics(List.of("accuracy", "confusion"))
                        .epochs(4)
                        .histogramsEveryEpochs(2)
                        .runDirectory(run),
                run);
        List<EventReader.Event> events = EventReader.read(files(run).getFirst());
        List<EventReader.Event> counted = events.stream()
                .filter(event -> event.others().containsKey("weights/1.weight"))
                .toList();
        assertThat(counted).extracting(EventReader.Event::step).containsExactly(8L, 16L);
        for (EventReader.Event event : counted) {
            assertThat(event.others().keySet())
                    .containsExactly(
                            "weights/1.weight",
                            "gradients/1.weight",
                            "weights/1.bias",
                            "gradients/1.bias",
                            "weights/3.weight",
                            "gradients/3.weight",
                            "weights/3.bias",
                            "gradients/3.bias");
            EventReader.Other weights = Objects.requireNonNull(event.others().get("weights/1.weight"));
            assertThat(weights.name()).isEqualTo("histograms");
            double values = 0;
            for (int row = 0; row < weights.numbers().size(); row += 3) {
                assertThat(weights.numbers().get(row))
                        .isLessThan(weights.numbers().get(row + 1));
                values += weights.numbers().get(row + 2);
            }
            assertThat(values).isEqualTo(4 * 8);
        }
        List<EventReader.Event> pictures = events.stream()
                .filter(event -> event.others().containsKey("test/confusion"))
                .toList();
        assertThat(pictures).extracting(EventReader.Event::step).containsExactly(4L, 8L, 12L, 16L);
        EventReader.Other picture =
                Objects.requireNonNull(pictures.getLast().others().get("test/confusion"));
        assertThat(picture.name()).isEqualTo("images");
        BufferedImage image =
                ImageIO.read(new ByteArrayInputStream(picture.strings().get(2)));
        assertThat(new String(picture.strings().get(0), StandardCharsets.US_ASCII))
                .isEqualTo(String.valueOf(image.getWidth()))
                .isEqualTo("399");
        // The first class of irises is told from the others: its row is dark where it is right, and light elsewhere.
        assertThat(image.getRGB(10, 10)).isEqualTo(0xff08306b);
        assertThat(image.getRGB(10, 398)).isEqualTo(0xfff7fbff);
        requireHyperparameters(events);
    }

    private static void requireHyperparameters(List<EventReader.Event> events) throws IOException {
        EventReader.Other start = Objects.requireNonNull(events.get(2).others().get("_hparams_/session_start_info"));
        assertThat(start.name()).isEqualTo("hparams");
        Map<String, byte[]> settings = new TreeMap<>();
        for (byte[] entry :
                EventReader.fields(EventReader.fields(start.content(), 3).getFirst(), 1)) {
            settings.put(
                    new String(EventReader.fields(entry, 1).getFirst(), StandardCharsets.UTF_8),
                    EventReader.fields(entry, 2).getFirst());
        }
        assertThat(settings).containsKeys("batch", "optimizer", "optimizer.lr", "seed", "stages", "schedule");
        CodedInputStream rate = CodedInputStream.newInstance(Objects.requireNonNull(settings.get("optimizer.lr")));
        assertThat(WireFormat.getTagFieldNumber(rate.readTag())).isEqualTo(2);
        assertThat(rate.readDouble()).isEqualTo(0.1);
        assertThat(events.getLast().others()).containsOnlyKeys("_hparams_/session_end_info");
    }

    /** As {@code metrics.csv} has them, to its six digits. */
    private static void requireNumbersOf(Path run, List<EventReader.Event> events) throws IOException {
        List<String> rows = Files.readAllLines(run.resolve("metrics.csv")).stream()
                .filter(row -> row.contains(",test,"))
                .toList();
        assertThat(events).hasSameSizeAs(rows);
        for (int i = 0; i < rows.size(); i++) {
            float wanted = Float.parseFloat(rows.get(i).split(",", -1)[3]);
            assertThat(events.get(i).values().get("test/loss")).isCloseTo(wanted, offset(1e-6f));
        }
    }

    @Test
    void whoWantsNoneGetsNone() {
        Path run = folder.resolve("without");
        TrainingJob job = job().epochs(1).runDirectory(run).build();
        try (RunRecords records = RunRecords.in(run, List.of(RunRecords.Form.CSV))) {
            assertThat(records.board()).isEmpty();
            Ketju.fit(job, records);
        }
        assertThat(run.resolve(TensorBoardEvents.FOLDER)).doesNotExist();
        assertThat(run.resolve("metrics.csv")).exists();
    }

    /** Of RFC 3720, appendix B.4: the checksum of 32 zeros is 8a9136aa; rotated by 15 bits, and a282ead8 added. */
    @Test
    void checksumsAreMasked() {
        assertThat(EventFile.masked(new byte[32], 32)).isEqualTo(Integer.rotateRight(0x8a9136aa, 15) + 0xa282ead8);
    }

    private static List<EventReader.Event> with(List<EventReader.Event> events, String tag) {
        return events.stream().filter(event -> event.values().containsKey(tag)).toList();
    }

    private static List<Path> files(Path run) throws IOException {
        try (Stream<Path> files = Files.list(run.resolve(TensorBoardEvents.FOLDER))) {
            return files.sorted().toList();
        }
    }

    private static JobBuilder job() {
        return Ketju.job()
                .model("mlp(4, 8, 3)")
                .data(DataSource.named("iris"))
                .optimizer(new SGD(0.1))
                .batchSize(30);
    }

    private static void train(JobBuilder job, Path run) {
        try (RunRecords records = RunRecords.in(run)) {
            Ketju.fit(job.build(), records);
        }
    }
}
