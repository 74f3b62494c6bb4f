package io.ketju.pipeline.catalogue;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.layers.catalogue.CataloguePage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The page in {@code docs} is what the code says. */
class SchedulePageTest {
    private static final Path PAGE = Path.of("..", "docs", "schedules.md");

    @Test
    void pageIsWhatTheCodeSays() throws IOException {
        assertThat(Files.readAllLines(PAGE))
                .as("make it anew: ./ketju schedules --markdown > docs/schedules.md")
                .isEqualTo(CataloguePage.of(Schedules.CATALOGUE));
    }

    @Test
    void everyScheduleSaysWhatItIsAndWhenToTakeIt() {
        assertThat(Schedules.CATALOGUE.descriptions()).hasSize(20).allSatisfy(description -> {
            assertThat(description.summary()).isNotBlank().doesNotEndWith(".").hasSizeLessThan(100);
            assertThat(description.formula()).isNotBlank();
            assertThat(description.use()).isNotBlank();
        });
    }
}
