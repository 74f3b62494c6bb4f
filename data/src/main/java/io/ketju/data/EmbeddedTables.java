package io.ketju.data;

import io.ketju.data.table.TableChoice;
import io.ketju.data.table.Tables;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;

/** The tables that travel inside the jar. */
final class EmbeddedTables {
    private EmbeddedTables() {}

    /** Species, island, sex and measures of 333 penguins, from which their body mass in kg is to be told. */
    static TrainTest penguins() {
        String name = "embedded/penguins/penguins.csv";
        try (InputStream in = EmbeddedTables.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("this build of Ketju lacks its resource " + name);
            }
            return Tables.read(
                    new InputStreamReader(in, StandardCharsets.US_ASCII),
                    name,
                    "penguins",
                    TableChoice.targets("body_mass_kg"));
        } catch (IOException e) {
            throw BadDataException.unreadable(name, e);
        }
    }
}
