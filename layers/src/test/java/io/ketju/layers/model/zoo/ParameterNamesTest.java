package io.ketju.layers.model.zoo;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What parameters are called: as in PyTorch's modules of these children. Networks over images are compared with torchvision's lists, and
 * those that learn sequences begin with files of PyTorch's, elsewhere.
 */
class ParameterNamesTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "linear_classifier(4, 3)|fc.weight fc.bias",
                "sigmoid_network(4, 5, 3)|fc1.weight fc1.bias fc2.weight fc2.bias",
                "mlp(4, 5, 3)|1.weight 1.bias 3.weight 3.bias",
                "lenet5|0.weight 0.bias 3.weight 3.bias 7.weight 7.bias 9.weight 9.bias 11.weight 11.bias",
                "lenet|0.weight 0.bias 3.weight 3.bias 7.weight 7.bias 9.weight 9.bias",
                "autoencoder((5, 3), image=2)|encoder.0.weight encoder.0.bias encoder.2.weight encoder.2.bias"
                        + " decoder.0.weight decoder.0.bias decoder.2.weight decoder.2.bias",
                "vgg([4, M, 5, M], 3, hidden=4, image=8, stem=small)|features.0.weight features.0.bias features.3.weight features.3.bias"
                        + " classifier.0.weight classifier.0.bias classifier.3.weight classifier.3.bias classifier.6.weight classifier.6.bias",
                "skip_gram(9, 4, 6)|vectors.weight output.weight",
                "skip_gram(9, 4, 6, depth=5)|vectors.weight output.weight",
                "cbow(9, 4, 6)|vectors.weight output.weight",
                "cbow(9, 4, 6, depth=5)|vectors.weight output.weight",
                "text_cnn(9, 6, 4, 3, 2, widths=(2, 3))|embedding.weight convs.0.weight convs.0.bias convs.1.weight convs.1.bias fc.weight fc.bias",
                "gan(3, 4, 2)|generator.0.weight generator.0.bias generator.2.weight generator.2.bias generator.4.weight generator.4.bias"
                        + " discriminator.0.weight discriminator.0.bias discriminator.2.weight discriminator.2.bias"
                        + " discriminator.4.weight discriminator.4.bias",
                "gcn(4, 3, 2)|conv1.lin.weight conv1.bias conv2.lin.weight conv2.bias",
                "graph_sage(4, 3, 2)|conv1.lin_l.weight conv1.lin_l.bias conv1.lin_r.weight conv2.lin_l.weight conv2.lin_l.bias"
                        + " conv2.lin_r.weight",
                "policy_network(4, 3, 2)|policy.0.weight policy.0.bias policy.2.weight policy.2.bias"
                        + " value.0.weight value.0.bias value.2.weight value.2.bias",
            })
    void areThoseOfPyTorchsModules(String model, String names) {
        assertThat(Models.named(model).weights()).containsExactlyInAnyOrderElementsOf(List.of(names.split(" ", -1)));
    }
}
