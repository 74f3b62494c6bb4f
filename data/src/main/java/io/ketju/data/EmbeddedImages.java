package io.ketju.data;

import io.ketju.data.idx.IdxImages;
import io.ketju.data.idx.IdxParts;
import io.ketju.data.image.DigitsCsv;
import io.ketju.data.image.KnownImages;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;

/** The embedded datasets of images, each checked against the hash it had when it was put there. */
final class EmbeddedImages {
    private static final String FASHION_TRAIN = "5745f93e001a24e70ffd30a729ea98f5fc042a39c6888f226e438c7242fafd0f";
    private static final String FASHION_TEST = "154b1ea2ef51af7dd480f24bbe75152defdbcf22f42310b2560739f196e77c13";
    private static final String DIGITS_TRAIN = "7cee50dd25aa805107fd930f1af83e293b6f7ba2fae01874d2306bf5b43b6458";
    private static final String DIGITS_TEST = "28761dd33ff0a1f7ddfd7f57e87f5f04fedb671825ff92ebfa15f5eae84d19f0";

    private final EmbeddedFiles files;

    EmbeddedImages(EmbeddedFiles files) {
        this.files = files;
    }

    TrainTest fashionMnist5k() {
        String name = "fashion-mnist-5k";
        TrainTest data =
                IdxImages.of(KnownImages.FASHION_MNIST_5K, IdxParts.ofPacked(name, file -> files.open(name, file)));
        return checked(data, FASHION_TRAIN, FASHION_TEST);
    }

    TrainTest digits() {
        String source = "embedded digits/digits.csv.gz";
        try (InputStream in = files.open("digits", "digits.csv.gz")) {
            TrainTest data =
                    DigitsCsv.read(new InputStreamReader(Gzip.open(in, source), StandardCharsets.US_ASCII), source);
            return checked(data, DIGITS_TRAIN, DIGITS_TEST);
        } catch (IOException e) {
            throw BadDataException.unreadable(source, e);
        }
    }

    private static TrainTest checked(TrainTest data, String train, String test) {
        check(data.train(), train);
        check(data.test(), test);
        return data;
    }

    private static void check(Dataset data, String identity) {
        if (!data.identity().equals(identity)) {
            throw BadDataException.of(
                    "embedded " + data.name(), "content with SHA-256 " + identity, data.identity() + " (damaged jar?)");
        }
    }
}
