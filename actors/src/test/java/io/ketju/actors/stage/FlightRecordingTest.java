package io.ketju.actors.stage;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.actors.Ketju;
import io.ketju.actors.SmallJobs;
import io.ketju.actors.job.TrainingJob;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import jdk.jfr.DataAmount;
import jdk.jfr.EventType;
import jdk.jfr.Recording;
import jdk.jfr.Timespan;
import jdk.jfr.ValueDescriptor;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.openjdk.jmc.common.item.Aggregators;
import org.openjdk.jmc.common.item.Attribute;
import org.openjdk.jmc.common.item.IItemCollection;
import org.openjdk.jmc.common.item.IItemIterable;
import org.openjdk.jmc.common.item.ItemFilters;
import org.openjdk.jmc.common.unit.IQuantity;
import org.openjdk.jmc.common.unit.UnitLookup;
import org.openjdk.jmc.flightrecorder.CouldNotLoadRecordingException;
import org.openjdk.jmc.flightrecorder.JfrAttributes;
import org.openjdk.jmc.flightrecorder.JfrLoaderToolkit;

/** A run in the JDK's flight recorder, read again from the file. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class FlightRecordingTest {
    private static final int STEPS = 8;
    private static final List<String> NAMES = List.of("ketju.Action", "ketju.Wait", "ketju.Send", "ketju.Checkpoint");

    @TempDir
    private Path folder;

    /** Two stages, 4 micro-batches, 8 steps, after each epoch two mini-batches of test data and a checkpoint. */
    @Test
    void everythingOfARunIsRecorded() throws IOException {
        TrainingJob job =
                SmallJobs.tiny().stages(2).runDirectory(folder.resolve("run")).build();
        Path file = recorded(job);
        Map<String, List<RecordedEvent>> events = RecordingFile.readAllEvents(file).stream()
                .collect(Collectors.groupingBy(event -> event.getEventType().getName()));

        List<RecordedEvent> training = of(events, "ketju.Action").stream()
                .filter(event -> event.getString("phase").equals("TRAIN"))
                .toList();
        assertThat(counts(training, event -> event.getInt("stage") + " " + event.getString("kind")))
                .isEqualTo(Map.of(
                        "0 F",
                        STEPS * 4L,
                        "0 B",
                        STEPS * 4L,
                        "0 S",
                        8L,
                        "1 F",
                        STEPS * 4L,
                        "1 B",
                        STEPS * 4L,
                        "1 S",
                        8L));
        RecordedEvent first = training.stream()
                .min(Comparator.comparing(RecordedEvent::getStartTime)) // threads write theirs in turn
                .orElseThrow();
        assertThat(first.getString("action")).isEqualTo("0F0");
        assertThat(training)
                .allMatch(event -> event.getDuration().isPositive() && event.getInt("rank") == event.getInt("stage"));
        assertThat(counts(of(events, "ketju.Send"), event -> event.getString("kind")))
                .containsEntry("GRADIENT", STEPS * 4L)
                .containsKey("ACTIVATION");
        assertThat(of(events, "ketju.Send")).allMatch(event -> event.getLong("bytes") > 0);
        assertThat(of(events, "ketju.Wait"))
                .isNotEmpty()
                .allMatch(event -> event.getString("next").startsWith(event.getInt("stage") + ""))
                .allMatch(event -> event.getLong("step") <= STEPS)
                .allSatisfy(event -> assertThat(event.getString("reason"))
                        .isIn("ACTIVATION", "GRADIENT", "FED", "WINDOW", "SUMS", "BUFFER"));
        assertThat(of(events, "ketju.Checkpoint"))
                .extracting(event -> event.getLong("step") + " " + event.getString("part"))
                .containsExactlyInAnyOrder(
                        "4 stage 0", "4 stage 1", "4 manifest", "8 stage 0", "8 stage 1", "8 manifest");
        assertThat(of(events, "ketju.Checkpoint")).allMatch(event -> event.getBoolean("written"));
    }

    /** Mission Control groups by category and shows labels, descriptions and amounts of bytes. */
    @Test
    void viewersFindWhatTheyShow() throws IOException {
        Path file = recorded(
                SmallJobs.tiny().stages(2).runDirectory(folder.resolve("run")).build());
        List<EventType> types;
        try (RecordingFile recorded = new RecordingFile(file)) {
            types = recorded.readEventTypes().stream()
                    .filter(type -> NAMES.contains(type.getName()))
                    .toList();
        }
        assertThat(types).extracting(EventType::getName).containsExactlyInAnyOrderElementsOf(NAMES);
        for (EventType type : types) {
            assertThat(type.getCategoryNames()).as(type.getName()).containsExactly("Ketju");
            assertThat(type.getLabel())
                    .as(type.getName())
                    .isEqualTo(type.getName().substring("ketju.".length()));
            assertThat(type.getDescription()).as(type.getName()).isNotBlank();
            for (ValueDescriptor field : type.getFields()) {
                String named = type.getName() + "." + field.getName();
                assertThat(field.getLabel()).as(named).isNotBlank();
                boolean amount = field.getName().equals("bytes");
                assertThat(field.getAnnotation(DataAmount.class) != null)
                        .as(named)
                        .isEqualTo(amount);
            }
            assertThat(type.getField("duration").getContentType())
                    .as(type.getName())
                    .isEqualTo(Timespan.class.getName());
        }
    }

    /** By Mission Control's own reader: types by their labels, and quantities that it can add up and show with units. */
    @Test
    void missionControlReadsThem() throws IOException, CouldNotLoadRecordingException {
        TrainingJob job =
                SmallJobs.tiny().stages(2).runDirectory(folder.resolve("run")).build();
        Path file = recorded(job);
        IItemCollection items;
        try (InputStream recording = Files.newInputStream(file)) {
            items = JfrLoaderToolkit.loadEvents(recording);
        }
        Map<String, String> labels = new TreeMap<>();
        items.stream().map(IItemIterable::getType).forEach(type -> labels.put(type.getIdentifier(), type.getName()));
        assertThat(labels)
                .containsEntry("ketju.Action", "Action")
                .containsEntry("ketju.Wait", "Wait")
                .containsEntry("ketju.Send", "Send")
                .containsEntry("ketju.Checkpoint", "Checkpoint");

        List<RecordedEvent> sends = RecordingFile.readAllEvents(file).stream()
                .filter(event -> event.getEventType().getName().equals("ketju.Send"))
                .toList();
        IQuantity bytes = items.apply(ItemFilters.type("ketju.Send"))
                .getAggregate(Aggregators.sum(Attribute.attr("bytes", "Size", UnitLookup.MEMORY)));
        assertThat(bytes.clampedLongValueIn(UnitLookup.BYTE))
                .isEqualTo(sends.stream()
                        .mapToLong(event -> event.getLong("bytes"))
                        .sum())
                .isPositive();
        IQuantity computing =
                items.apply(ItemFilters.type("ketju.Action")).getAggregate(Aggregators.sum(JfrAttributes.DURATION));
        assertThat(computing.clampedLongValueIn(UnitLookup.NANOSECOND)).isPositive();
    }

    /** The recording of a whole run. */
    private Path recorded(TrainingJob job) throws IOException {
        Path file = folder.resolve("run.jfr");
        try (Recording recording = new Recording()) {
            NAMES.forEach(name -> recording.enable(name).withoutThreshold());
            recording.start();
            Ketju.fit(job);
            recording.stop();
            recording.dump(file);
        }
        return file;
    }

    private static List<RecordedEvent> of(Map<String, List<RecordedEvent>> events, String name) {
        return events.getOrDefault(name, List.of());
    }

    private static Map<String, Long> counts(List<RecordedEvent> events, Function<RecordedEvent, String> key) {
        return events.stream().collect(Collectors.groupingBy(key, TreeMap::new, Collectors.counting()));
    }
}
