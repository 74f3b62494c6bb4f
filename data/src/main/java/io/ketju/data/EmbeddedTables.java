package io.ketju.data;

import io.ketju.data.table.TableChoice;
import io.ketju.data.table.Tables;
import java.io.StringReader;
import java.util.List;
import java.util.Optional;

/** The embedded datasets that are tables, each with what is to be told from all its other columns. */
enum EmbeddedTables {
    /** Species of 150 irises by length and width of sepals and petals. */
    IRIS("iris", "species", "b6b8efc86732bc48c9fbddba53e2c191fd4f263c0ee98e2b1b7d3543e8d2121d"),
    /** Cultivar of 178 wines by 13 chemical measurements. */
    WINE("wine", "cultivar", "bafc97afa2272002ba7475929632cf1425754f8055d1be1b3b11bd63d110d866"),
    /** Whether 569 breast masses are malignant, by 30 measures of cell nuclei. */
    BREAST_CANCER("breast-cancer", "diagnosis", "bbe6bc506fec05b65edfb905b871a229bdc97341f512e7548a9ecc6081644251"),
    /** How far the disease of 442 patients went in a year, by ten measures. */
    DIABETES("diabetes", "progression", "023645317b50cfbfe20a634e5402580ab7feb063ba5f441b4517dc3c89f3ef48"),
    /** Body mass in kg of 333 penguins by species, island, sex and three measures. */
    PENGUINS("penguins", "body_mass_kg", "ee28992905d2f03ff928af6010a2116bca5fd108aafddcfe3fd88a9c612e8f7b");

    private final String id;
    private final String target;
    private final String sha256;

    EmbeddedTables(String id, String target, String sha256) {
        this.id = id;
        this.target = target;
        this.sha256 = sha256;
    }

    static Optional<EmbeddedTables> named(String name) {
        return List.of(values()).stream().filter(table -> table.id.equals(name)).findFirst();
    }

    TrainTest read(EmbeddedFiles files) {
        String text = files.text(id, id + ".csv", sha256);
        return Tables.read(
                new StringReader(text), "embedded " + id + "/" + id + ".csv", id, TableChoice.targets(target));
    }
}
