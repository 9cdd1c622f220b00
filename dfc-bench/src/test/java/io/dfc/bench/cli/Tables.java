package io.dfc.bench.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Random;

/** Small tables as people have them. */
final class Tables {
    private Tables() {}

    /** Fisher's irises or the wines of UCI, as scikit-learn has them. */
    static Path shipped(Path folder, String name) {
        try (InputStream in = Tables.class.getResourceAsStream("/tables/" + name + ".csv")) {
            return Files.write(folder.resolve(name + ".csv"), in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Passengers: numbers, text, missing cells, and chance; 0 and 1 to predict. */
    static Path passengers(Path folder) {
        Random random = new Random(17);
        StringBuilder text = new StringBuilder("id,survived,class,name,sex,age,siblings,port\n");
        for (int i = 0; i < 700; i++) {
            int deck = 1 + random.nextInt(3);
            boolean woman = random.nextInt(3) == 0;
            double age = Math.clamp(30 + 14 * random.nextGaussian(), 1, 80);
            int siblings = random.nextInt(3);
            char port = "SSSCQ".charAt(random.nextInt(5));
            double odds =
                    -0.6
                            + (woman ? 2.6 : 0)
                            - 1.1 * (deck - 2)
                            - 0.035 * (age - 30)
                            - 0.3 * siblings
                            + (port == 'C' ? 0.5 : 0);
            boolean survived = random.nextDouble() < 1 / (1 + Math.exp(-odds));
            text.append(
                    String.format(
                            Locale.ROOT,
                            "%d,%d,%d,\"Doe, %d\",%s,%s,%d,%s%n",
                            i,
                            survived ? 1 : 0,
                            deck,
                            i,
                            woman ? "female" : "male",
                            random.nextInt(5) == 0 ? "" : String.format(Locale.ROOT, "%.1f", age),
                            siblings,
                            random.nextInt(200) == 0 ? "" : port));
        }
        return write(folder, "passengers.csv", text.toString());
    }

    /**
     * Houses with prices of some 100,000, with decimal commas, as a German spreadsheet saves it.
     */
    static Path houses(Path folder) {
        Random random = new Random(23);
        StringBuilder text = new StringBuilder("area;rooms;distance;year;price\n");
        for (int i = 0; i < 500; i++) {
            double area = 120 + 40 * random.nextGaussian();
            int rooms = 1 + random.nextInt(7);
            double distance = 20 * random.nextDouble();
            int year = 1950 + random.nextInt(70);
            double price =
                    30_000
                            + 1_800 * area
                            + 9_000 * rooms
                            - 2_500 * distance
                            + 300 * (year - 1950)
                            + 20_000 * random.nextGaussian();
            text.append(
                    String.format(
                            Locale.GERMAN,
                            "%.1f;%d;%.2f;%d;%.0f%n",
                            area,
                            rooms,
                            distance,
                            year,
                            price));
        }
        return write(folder, "houses.csv", text.toString());
    }

    static Path write(Path folder, String name, String text) {
        try {
            return Files.writeString(folder.resolve(name), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
