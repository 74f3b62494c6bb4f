package io.ketju.layers.spec;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.layers.catalogue.Catalogue;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PyTorchNamesTest {
    @ParameterizedTest
    @CsvSource({
        "layers, nn.Conv2d, Conv2d",
        "layers, torch.nn.functional.max_pool2d, MaxPool2d",
        "layers, F.relu, ReLU",
        "layers, F.log_softmax, LogSoftmax",
        "layers, torch.cat, Concat",
        "layers, CONV2D, Conv2d",
        "layers, 'nn.Conv2d(1, 6, 5)', Conv2d",
        "layers, swish, SiLU",
        "losses, F.cross_entropy, CrossEntropyLoss",
        "losses, F.binary_cross_entropy_with_logits, BCEWithLogitsLoss",
        "losses, F.kl_div, KLDivLoss",
        "losses, MSE, MSELoss",
        "losses, mse_loss, MSELoss",
        "optimizers, torch.optim.Adam, Adam",
        "optimizers, sgd, SGD",
        "rates, lr_scheduler.StepLR, StepLR",
        "rates, torch.optim.lr_scheduler.ReduceLROnPlateau, ReduceLROnPlateau",
        "rates, cosine, CosineAnnealingLR",
        "initializers, nn.init.kaiming_normal_, kaiming_normal",
        "initializers, glorot_uniform, xavier_uniform",
        "metrics, F1Score, f1",
        "metrics, torchmetrics.MeanAbsoluteError, mae",
        "metrics, top5, top5_accuracy",
        "averages, torch.optim.swa_utils.AveragedModel, SWA",
    })
    void areFoundInTheCatalogue(String catalogue, String written, String name) {
        Catalogue found = Catalogue.ALL.stream()
                .filter(each -> each.name().equals(catalogue))
                .findFirst()
                .orElseThrow();
        assertThat(found.description(written).name()).isEqualTo(name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"keras.Conv2d", "Conv9d", "", ".", "nn.", "nn..Conv2d"})
    void othersAreNot(String written) {
        assertThat(PyTorchNames.of(written, Set.of("Conv2d", "accuracy"))).isEmpty();
    }
}
