package io.ketju.actors.feed;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.actors.SmallJobs;
import io.ketju.actors.job.JobBuilder;
import io.ketju.pipeline.catalogue.GPipe;
import io.ketju.pipeline.stage.Recompute;
import org.junit.jupiter.api.Test;

class FeedAheadTest {
    /** The inputs of every micro-batch in flight are kept, with or without what their forward made. */
    @Test
    void stagesThatRecomputeAreFedAllThatIsInFlight() {
        int microbatches = 24;
        JobBuilder job =
                SmallJobs.tiny().schedule(new GPipe()).batchSize(microbatches).microbatches(microbatches);
        int kept = FeedAhead.of(job.build().pipeline()).buffers();
        assertThat(kept).isGreaterThan(microbatches);
        assertThat(FeedAhead.of(job.recompute(new Recompute.All()).build().pipeline())
                        .buffers())
                .isEqualTo(kept);
    }
}
