/** Training needs no terminal: it lives where the page finds it too. */
export {
  recordMaterial,
  shippedEvenings,
  trainFactors,
  trainMember,
  type Evenings,
  type Material,
  type Trained,
} from '../experiment/train-family.ts';
