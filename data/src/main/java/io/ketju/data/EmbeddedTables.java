package io.ketju.data;

import io.ketju.data.table.TableChoice;
import io.ketju.data.table.Tables;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;

/** The embedded datasets that are tables. */
final class EmbeddedTables {
    private final EmbeddedFiles files;

    EmbeddedTables(EmbeddedFiles files) {
        this.files = files;
    }

    /** Species, island, sex and measures of 333 penguins, from which their body mass in kg is to be told. */
    TrainTest penguins() {
        String source = "embedded penguins/penguins.csv";
        try (InputStream in = files.open("penguins", "penguins.csv")) {
            return Tables.read(
                    new InputStreamReader(in, StandardCharsets.US_ASCII),
                    source,
                    "penguins",
                    TableChoice.targets("body_mass_kg"));
        } catch (IOException e) {
            throw BadDataException.unreadable(source, e);
        }
    }
}
