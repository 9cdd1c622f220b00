package io.dfc.tornado.memory;

import static org.assertj.core.api.Assertions.assertThat;

import io.dfc.api.tensor.Tensor;
import io.dfc.tornado.kernel.TableLayout;
import io.dfc.tornado.runtime.ExchangeSource;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import uk.ac.manchester.tornado.api.types.arrays.FloatArray;

import java.util.SplittableRandom;

/** Minibatches are written into the exchanged array tile by tile, in pieces and of both types. */
class TilesTest {
    private static final int AT = 3;

    @ParameterizedTest
    @CsvSource({"1, 1, 4", "4, 3, 8", "5, 3, 4", "6, 7, 8", "9, 2, 12", "11, 5, 64"})
    void aMatrixIsWrittenAsItsTilesAreRead(int samples, int n, int piece) {
        double[] numbers =
                new SplittableRandom(samples).doubles((long) samples * n, -1, 1).toArray();
        Tensor wide = Tensor.wrap(numbers, samples, n);
        Tensor narrow = Tensor.wrap(wide.toFloats(), samples, n);
        for (Tensor matrix : new Tensor[] {wide, narrow}) {
            float[] tiles =
                    inPieces(Tiles.source(matrix, samples, n), Tiles.length(samples, n), piece);

            assertThat(Tiles.unpack(tiles, 0, samples, n)).isEqualTo(wide.toFloats());
            for (int s = samples; s < Tiles.padded(samples); s++) {
                for (int j = 0; j < n; j++) {
                    assertThat(tiles[Tiles.at(s, j, n)]).isZero();
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"1, 4", "6, 4", "8, 8"})
    void labelsAreFilledUpWithClassZero(int samples, int piece) {
        int[] classes = new SplittableRandom(1).ints(samples, 1, 9).toArray();
        float[] labels = inPieces(Tiles.labels(classes, samples), Tiles.padded(samples), piece);
        for (int s = 0; s < labels.length; s++) {
            assertThat(labels[s]).isEqualTo(s < samples ? (float) classes[s] : 0f);
        }
    }

    /** What a source writes behind other numbers of the exchange. */
    private static float[] inPieces(ExchangeSource source, int length, int piece) {
        FloatArray exchange = new FloatArray(AT + piece);
        float[] all = new float[length];
        for (int from = 0; from < length; from += piece) {
            exchange.init(Float.NaN);
            int part = Math.min(piece, length - from);
            source.write(from, part, exchange, AT);
            for (int i = 0; i < part; i++) {
                all[from + i] = exchange.get(AT + i);
            }
            assertThat(exchange.get(AT - 1)).isNaN();
        }
        assertThat(length % TableLayout.TILE).isZero();
        return all;
    }
}
