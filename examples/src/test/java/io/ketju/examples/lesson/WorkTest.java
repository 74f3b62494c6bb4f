package io.ketju.examples.lesson;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.layers.model.Model;
import io.ketju.layers.model.ModelText;
import io.ketju.layers.model.zoo.Models;
import io.ketju.tensor.Shape;
import java.util.List;
import org.junit.jupiter.api.Test;

class WorkTest {
    @Test
    void countsWhatConvolutionsAndLinearLayersMultiply() {
        Model model = ModelText.parse(
                Shape.of(4, 6, 6),
                List.of(
                        "Conv2d(4, 8, kernel_size=3, groups=2)",
                        "ReLU()",
                        "Conv2d(8, 8, kernel_size=1, bias=false)",
                        "Flatten()",
                        "Linear(128, 10)"));
        assertThat(Work.perNode(model)).containsExactly(16L * 8 * 2 * 9, 0L, 16L * 8 * 8, 0L, 1280L);
        assertThat(Work.multiplyAdds(model)).isEqualTo(2304 + 1024 + 1280);
    }

    /** 569 million are in table 8 of Howard et al. 2017. */
    @Test
    void mobileNetHasAsManyAsItsPaperSays() {
        assertThat(Work.multiplyAdds(Models.named("mobilenet_v1"))).isBetween(568_500_000L, 569_500_000L);
    }
}
