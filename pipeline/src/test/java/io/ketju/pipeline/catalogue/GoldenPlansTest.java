package io.ketju.pipeline.catalogue;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.pipeline.schedule.Schedule;
import io.ketju.pipeline.schedule.SchedulePlan;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Small plans of every schedule are those in the files: {@code NAME[-vCHUNKS]-pRANKS-mMICROBATCHES.txt}. */
class GoldenPlansTest {
    private static final Pattern NAME = Pattern.compile("(\\w+?)(?:-v(\\d+))?-p(\\d+)-m(\\d+)\\.txt");

    static List<Path> files() throws IOException, URISyntaxException {
        Path folder = Path.of(Objects.requireNonNull(GoldenPlansTest.class.getResource("/schedules"))
                .toURI());
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().toList();
        }
    }

    @ParameterizedTest
    @MethodSource("files")
    void planEqualsTheFileAndReadsBack(Path file) throws IOException {
        MatchResult name = named(file);
        Schedule schedule = Schedules.parse(name.group(1) + (name.group(2) == null ? "" : "(" + name.group(2) + ")"));
        int ranks = Integer.parseInt(name.group(3));
        int microbatches = Integer.parseInt(name.group(4));
        String golden = Files.readString(file);
        SchedulePlan read = SchedulePlan.parse(golden);
        assertThat(read.placement().ranks()).isEqualTo(ranks);
        SchedulePlan plan = SchedulePlan.of(schedule, read.stages(), microbatches);
        assertThat(plan.table()).isEqualTo(golden);
        assertThat(read).isEqualTo(plan);
        assertThat(SchedulePlan.parse(plan.lists())).isEqualTo(plan);
        assertThat(plan.microbatches()).isEqualTo(microbatches);
    }

    @Test
    void everyScheduleHasSomeWithWholeAndRaggedGroupsAndFewMicrobatches() throws IOException, URISyntaxException {
        List<String> names = files().stream().map(file -> named(file).group(1)).toList();
        for (Schedule schedule : Schedules.placing(12)) {
            String name = schedule.spec().orElseThrow().name().toLowerCase(Locale.ROOT);
            assertThat(names).filteredOn(name::equals).as(name).hasSizeGreaterThanOrEqualTo(7);
        }
    }

    private static MatchResult named(Path file) {
        Matcher matcher = NAME.matcher(String.valueOf(file.getFileName()));
        assertThat(matcher.matches()).as("%s", file).isTrue();
        return matcher.toMatchResult();
    }
}
