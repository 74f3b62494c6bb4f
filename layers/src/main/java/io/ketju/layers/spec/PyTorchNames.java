package io.ketju.layers.spec;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What things are called elsewhere: a class with its module ({@code torch.nn.Conv2d}), a function ({@code F.relu},
 * {@code nn.init.kaiming_normal_}) and names that other libraries or textbooks have.
 */
public final class PyTorchNames {
    /** Modules in front of a name, which say nothing that the name does not. */
    static final Set<String> MODULES = Set.of(
            "torch",
            "nn",
            "optim",
            "lr_scheduler",
            "init",
            "functional",
            "F",
            "modules",
            "swa_utils",
            "torchvision",
            "ops",
            "torch_geometric",
            "torchmetrics");

    /** Names of which neither case nor underscores lead to ours, in lower case without underscores. */
    private static final Map<String, List<String>> OTHERS = Map.ofEntries(
            Map.entry("acc", List.of("accuracy")),
            Map.entry("auroc", List.of("auc")),
            Map.entry("averagedmodel", List.of("SWA", "EMA")),
            Map.entry("batchnorm", List.of("BatchNorm2d")),
            Map.entry("bce", List.of("BCELoss")),
            Map.entry("binarycrossentropy", List.of("BCELoss")),
            Map.entry("binarycrossentropywithlogits", List.of("BCEWithLogitsLoss")),
            Map.entry("cat", List.of("Concat")),
            Map.entry("concatenate", List.of("Concat")),
            Map.entry("confusionmatrix", List.of("confusion")),
            Map.entry("conv", List.of("Conv2d")),
            Map.entry("cosine", List.of("CosineAnnealingLR")),
            Map.entry("crossentropy", List.of("CrossEntropyLoss")),
            Map.entry("dense", List.of("Linear")),
            Map.entry("deconv", List.of("ConvTranspose2d")),
            Map.entry("f1score", List.of("f1")),
            Map.entry("fc", List.of("Linear")),
            Map.entry("glorotnormal", List.of("xavier_normal")),
            Map.entry("glorotuniform", List.of("xavier_uniform")),
            Map.entry("hardsilu", List.of("Hardswish")),
            Map.entry("henormal", List.of("kaiming_normal")),
            Map.entry("heuniform", List.of("kaiming_uniform")),
            Map.entry("logits", List.of("BCEWithLogitsLoss")),
            Map.entry("maxpool", List.of("MaxPool2d")),
            Map.entry("avgpool", List.of("AvgPool2d")),
            Map.entry("mae", List.of("L1Loss", "mae")),
            Map.entry("meanabsoluteerror", List.of("mae", "L1Loss")),
            Map.entry("meansquarederror", List.of("rmse", "MSELoss")),
            Map.entry("mse", List.of("MSELoss", "rmse")),
            Map.entry("multiheadattentionforward", List.of("MultiheadAttention")),
            Map.entry("negativeloglikelihood", List.of("NLLLoss")),
            Map.entry("nll", List.of("NLLLoss")),
            Map.entry("onecycle", List.of("OneCycleLR")),
            Map.entry("plateau", List.of("ReduceLROnPlateau")),
            Map.entry("r2score", List.of("r2")),
            Map.entry("rocaucscore", List.of("auc")),
            Map.entry("subtract", List.of("Sub")),
            Map.entry("multiply", List.of("Mul")),
            Map.entry("divide", List.of("Div")),
            Map.entry("bmm", List.of("MatMul")),
            Map.entry("swish", List.of("SiLU")),
            Map.entry("top1", List.of("accuracy")),
            Map.entry("view", List.of("Reshape")),
            Map.entry("warmup", List.of("LinearLR")),
            Map.entry("xavier", List.of("xavier_uniform")),
            Map.entry("kaiming", List.of("kaiming_uniform")));

    /** Kinds of which a class has the suffix and a function has not. */
    private static final List<String> SUFFIXES = List.of("", "loss", "lr", "accuracy");

    private PyTorchNames() {}

    /**
     * {@return the name behind its modules, {@code Conv2d} of {@code torch.nn.Conv2d}; as it is, if what is in front is none}
     *
     * @param written a name, with or without modules
     */
    public static String withoutModules(String written) {
        int dot = written.lastIndexOf('.');
        boolean known =
                dot > 0 && MODULES.containsAll(List.of(written.substring(0, dot).split("\\.", -1)));
        return known ? written.substring(dot + 1) : written;
    }

    /**
     * {@return the known name that is surely meant by one that is written as elsewhere or in another case, or empty}
     *
     * @param written a name, with or without modules
     * @param known what may be meant; where two of them fit, the first counts
     */
    public static Optional<String> of(String written, Collection<String> known) {
        String name = withoutModules(written);
        if (known.contains(name)) {
            return Optional.of(name);
        }
        String plain = plain(name);
        if (plain.isEmpty()) {
            return Optional.empty();
        }
        for (String suffix : SUFFIXES) {
            Optional<String> same = known.stream()
                    .filter(each -> plain(each).equals(plain + suffix))
                    .findFirst();
            if (same.isPresent()) {
                return same;
            }
        }
        return OTHERS.getOrDefault(plain, List.of()).stream()
                .filter(known::contains)
                .findFirst();
    }

    private static String plain(String name) {
        return name.replace("_", "").toLowerCase(Locale.ROOT);
    }
}
