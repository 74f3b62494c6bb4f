package io.ketju.benchmarks.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.layers.model.Model;
import io.ketju.layers.model.ModelText;
import io.ketju.layers.optimizer.Optimizers;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Workers in other processes get jobs as text. */
class PipelineWorkTest {
    @ParameterizedTest
    @EnumSource
    void aWorkersTextIsTheSameJob(PipelineWork work) {
        Model model = work.model();
        List<String> text = ModelText.print(model);

        Model read = ModelText.parse(model.inputShape(), text);

        assertThat(ModelText.print(read)).isEqualTo(text);
        assertThat(read.nodes()).isEqualTo(model.nodes());
        assertThat(Optimizers.parse(work.optimizer().spec().toString())).isEqualTo(work.optimizer());
    }
}
