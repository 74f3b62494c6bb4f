package io.ketju.benchmarks.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.pipeline.partition.Partition;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What torch is asked for: the same cut, in its own numbers. */
class TorchPipelinesTest {
    @Test
    void thePeersMlpHasNoLayerThatFlattens() {
        assertThat(TorchPipelines.spec(PipelineWork.MLP, new Partition(List.of(0, 3, 6)))
                        .text())
                .isEqualTo("pipeline_mlp batch=128 microbatches=4 cut=2");
        assertThat(TorchPipelines.spec(PipelineWork.LENET, new Partition(List.of(0, 4, 12)))
                        .text())
                .isEqualTo("pipeline_lenet batch=64 microbatches=4 cut=4");
    }

    @Test
    void theGptIsCutBetweenItsBlocks() {
        assertThat(TorchPipelines.spec(PipelineWork.GPT, TorchPipelines.betweenBlocks(PipelineWork.GPT.model()))
                        .text())
                .isEqualTo("pipeline_gpt length=128 width=256 heads=4 layers=4 vocabulary=1000"
                        + " batch=8 microbatches=4 cut=2");
        Partition cut = TorchPipelines.betweenBlocks(PipelineWork.GPT.model());
        assertThat(cut.nodes(PipelineWork.GPT.model(), 0).getLast().name()).isEqualTo("blocks.1.sum2");
        assertThat(cut.nodes(PipelineWork.GPT.model(), 1).getFirst().name()).isEqualTo("blocks.2.ln1");
    }
}
