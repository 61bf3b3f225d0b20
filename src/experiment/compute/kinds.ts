import { adjust } from '../causal/adjust.ts';
import { ahaEffects } from '../causal/aha.ts';
import { clusterAnalysis, designEffect } from '../inference/clusters.ts';
import { cuped, cupedSums } from '../inference/cuped.ts';
import { multipleTesting, sampleRatio } from '../inference/multiple-testing.ts';
import { mde, plan, power, repeatedLooks, sliceSigns } from '../inference/power.ts';
import { lognormalQuantiles, quantileEffects, quantileRanks } from '../inference/quantiles.ts';
import {
  bernoulliSequence,
  confidenceSequence,
  quantileSequence,
  sequentialTypeOne,
} from '../inference/sequential.ts';
import { differenceInQ } from '../interference/difference-in-q.ts';
import { dilution, displacement, rationing, thickness } from '../interference/displacement.ts';
import { multipleRandomisation } from '../interference/multiple-randomisation.ts';
import { poolEnumeration } from '../interference/pool-enumeration.ts';
import { shadowPriceFluid, shadowPrices } from '../interference/shadow-prices.ts';
import { twoSidedMarket } from '../interference/two-sided-market.ts';
import { autocorrelation, carryOver } from '../switchback/carry-over.ts';
import { switchbackChain, switchbackStudy } from '../switchback/chain.ts';
import { minimaxPoints, permutationTest, switchbackHt } from '../switchback/horvitz-thompson.ts';
import type { Kind } from './kind.ts';

/** Every formula that `lab compute` can reach, by its name there. */
export const kinds: ReadonlyMap<string, Kind> = new Map(
  Object.entries({
    adjust,
    'aha-effects': ahaEffects,
    autocorrelation,
    'bernoulli-sequence': bernoulliSequence,
    'carry-over': carryOver,
    'cluster-analysis': clusterAnalysis,
    'confidence-sequence': confidenceSequence,
    cuped,
    'cuped-sums': cupedSums,
    'design-effect': designEffect,
    'difference-in-q': differenceInQ,
    dilution,
    displacement,
    'lognormal-quantiles': lognormalQuantiles,
    mde,
    'minimax-points': minimaxPoints,
    'multiple-randomisation': multipleRandomisation,
    'multiple-testing': multipleTesting,
    'permutation-test': permutationTest,
    plan,
    'pool-enumeration': poolEnumeration,
    power,
    'quantile-effects': quantileEffects,
    'quantile-ranks': quantileRanks,
    'quantile-sequence': quantileSequence,
    rationing,
    'repeated-looks': repeatedLooks,
    'sequential-type-one': sequentialTypeOne,
    'shadow-price-fluid': shadowPriceFluid,
    'shadow-prices': shadowPrices,
    'slice-signs': sliceSigns,
    srm: sampleRatio,
    'switchback-chain': switchbackChain,
    'switchback-ht': switchbackHt,
    'switchback-study': switchbackStudy,
    thickness,
    'two-sided-market': twoSidedMarket,
  }),
);
